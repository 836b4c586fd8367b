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

    /** The same with about so many windows at most, of about as many events each: neighbours are put together. */
    Evaluated inWindows(int most) {
        double least = overall.scored() / (double) most;
        List<Tally> wider = new ArrayList<>();
        Tally together = Tally.NONE;
        for (Tally window : windows) {
            together = together.plus(window);
            if (together.scored() >= least) {
                wider.add(together);
                together = Tally.NONE;
            }
        }
        if (together.scored() > 0) {
            wider.add(together);
        }
        return new Evaluated(name, overall, wider, eventsPerSecond);
    }
}
