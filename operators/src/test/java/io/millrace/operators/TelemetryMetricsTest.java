package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Target;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryMetricsTest {
    private final RecordedMetrics recorded = new RecordedMetrics();
    private final TelemetryMetrics metrics = new TelemetryMetrics(recorded.group());

    private Object value(String name) {
        return recorded.value(name);
    }

    @Test
    void figuresAreUnknownBeforeTheFirstTelemetry() {
        assertThat(value("millrace.predictions")).isEqualTo(0L);
        assertThat(value("millrace.recent.accuracy")).isEqualTo(Double.NaN);
        assertThat(value("millrace.recent.baselines.noChange.accuracy")).isEqualTo(Double.NaN);
    }

    @Test
    void figuresAreThoseOfTheLastTelemetry() {
        Scorer scorer = new Scorer(new Target.Classes(List.of("no", "yes")));
        for (int event = 0; event < 4; event++) {
            scorer.score(new float[] {1, 0}, new float[] {event == 3 ? 1 : 0}, event == 0 ? Float.NaN : 0);
            scorer.predicted(7);
            scorer.fate(Fate.AWAITED);
        }
        scorer.joined(1_000);
        Tally tally = scorer.tally();

        metrics.show(new Telemetry(0, tally, tally.sums(), Sums.NONE, tally));

        assertThat(value("millrace.predictions")).isEqualTo(4L);
        assertThat(value("millrace.recent.accuracy")).isEqualTo(0.75);
        assertThat(value("millrace.recent.baselines.noChange.accuracy")).isEqualTo(0.5);
        assertThat(value("millrace.latencyP50Millis")).isEqualTo(7.0);
        assertThat(value("millrace.labels.joined")).isEqualTo(1L);
        assertThat(value("millrace.labels.pending")).isEqualTo(3L);
        assertThat(value("millrace.recent.mae")).isEqualTo(Double.NaN);
    }
}
