package io.millrace.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Target;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final float[] SURE_OF_ONE = {0.1f, 0.9f};
    private static final float[] ZERO = {0};
    private static final float[] ONE = {1};

    private final Course course = new Course();
    private final Scorer scorer = new Scorer(new Target.Classes(List.of("no", "yes")));
    private Tally overall = Tally.NONE;

    @Test
    void anEventWhoseStepWasRefusedIsOneEvent() {
        for (int event = 0; event < 7; event++) { // predicted, scored and learnt
            predict(ONE);
            scorer.updated(false);
        }
        for (int event = 0; event < 5; event++) { // predicted and scored, but not learnt
            predict(ONE);
            scorer.deadLetter();
        }
        scorer.predicted(0); // has no label
        scorer.deadLetter(); // cannot be read
        tell();
        assertThat(course.events()).isEqualTo(14);
        assertThat(course.overall().predictions()).isEqualTo(13);
    }

    @Test
    void aCourseOfManyWindowsStillTellsWhatADriftDid() {
        for (int window = 0; window < 6_000; window++) {
            int wrong = window >= 3_000 && window < 3_100 ? 400 : 100;
            window(1_000, wrong);
        }
        Drift drift = new Drift("turn", 3_000_000, 3_000_000);
        assertThat(course.drifts(List.of(drift), 6_000_000).get(1).trim())
                .matches("turn +3,000,000 +0\\.9000 +0\\.6000 +0\\.9000");
        assertThat(course.recent().scored()).isEqualTo(4_000);
    }

    @Test
    void thePastTakesBoundedRoom() {
        Past past = new Past();
        window(10, 1);
        for (int i = 0; i < 100_000; i++) {
            past.add(10L * i, 10L * (i + 1), overall.sums());
            assertThat(past.size()).isLessThanOrEqualTo(Past.MOST);
        }
        assertThat(past.accuracy(0, 1_000_000)).hasValue(0.9);
    }

    private void window(int events, int wrong) {
        for (int event = 0; event < events; event++) {
            predict(event < wrong ? ZERO : ONE);
            scorer.updated(false);
        }
        tell();
    }

    private void predict(float[] label) {
        scorer.predicted(0);
        scorer.score(SURE_OF_ONE, label, Float.NaN);
    }

    private void tell() {
        Tally tally = scorer.tally();
        overall = overall.plus(tally);
        course.add(new Telemetry(0, tally, Sums.NONE, Sums.NONE, overall));
    }
}
