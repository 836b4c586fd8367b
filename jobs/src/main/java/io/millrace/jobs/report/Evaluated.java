package io.millrace.jobs.report;

import io.millrace.jobs.run.Evaluation.Window;
import io.millrace.jobs.run.KeyView;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What came of one job on a file.
 *
 * @param name tells it from the others
 * @param overall all events
 * @param windows all events in order, in stretches
 * @param eventsPerSecond how fast it went
 */
public record Evaluated(String name, Tally overall, List<Window> windows, double eventsPerSecond) {
    public Evaluated {
        windows = List.copyOf(windows);
    }

    /** The scores of all events. */
    public Scores scores() {
        return Scores.of(overall);
    }

    /** The busiest keys, one by one. */
    public List<KeyView> keys() {
        return Arrays.stream(overall.keys()).map(KeyView::of).toList();
    }

    /** The same with about so many windows at most, of about as many events each: neighbours are put together. */
    Evaluated inWindows(int most) {
        double least = overall.scored() / (double) most;
        List<Window> wider = new ArrayList<>();
        Window together = Window.NONE;
        for (Window window : windows) {
            together = together.plus(window);
            if (together.scored() >= least) {
                wider.add(together);
                together = Window.NONE;
            }
        }
        if (together.scored() > 0) {
            wider.add(together);
        }
        return new Evaluated(name, overall, wider, eventsPerSecond);
    }
}
