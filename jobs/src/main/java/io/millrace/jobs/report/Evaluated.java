package io.millrace.jobs.report;

import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of one job on a file.
 *
 * @param name tells it from the others
 * @param overall all events
 * @param windows all events in order, in stretches
 * @param eventsPerSecond how fast it went
 */
public record Evaluated(String name, Tally overall, List<Tally> windows, double eventsPerSecond) {
    public Evaluated {
        windows = List.copyOf(windows);
    }

    /** The scores of all events. */
    public Scores scores() {
        return Scores.of(overall);
    }

    /** The same with at most so many windows: neighbours are put together. */
    Evaluated inWindows(int most) {
        int together = Math.max(1, (windows.size() + most - 1) / most);
        List<Tally> wider = new ArrayList<>();
        for (int i = 0; i < windows.size(); i += together) {
            List<Tally> neighbours = windows.subList(i, Math.min(windows.size(), i + together));
            wider.add(neighbours.stream().reduce(Tally.NONE, Tally::plus));
        }
        return new Evaluated(name, overall, wider, eventsPerSecond);
    }
}
