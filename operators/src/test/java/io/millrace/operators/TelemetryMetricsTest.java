package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Target;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Sums;
import io.millrace.models.metrics.Tally;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class TelemetryMetricsTest {
    private final Map<String, Gauge<?>> gauges = new TreeMap<>();
    private final TelemetryMetrics metrics = new TelemetryMetrics(new Recorded(""));

    /** Remembers every gauge by its whole name. */
    private final class Recorded extends UnregisteredMetricsGroup {
        private final String prefix;

        Recorded(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Recorded(prefix + name + ".");
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(prefix + name, gauge);
            return gauge;
        }
    }

    private Object value(String name) {
        return gauges.get(name).getValue();
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
        }
        Tally tally = scorer.tally();

        metrics.show(new Telemetry(0, tally, tally.sums(), Sums.NONE, tally));

        assertThat(value("millrace.predictions")).isEqualTo(4L);
        assertThat(value("millrace.recent.accuracy")).isEqualTo(0.75);
        assertThat(value("millrace.recent.baselines.noChange.accuracy")).isEqualTo(0.5);
        assertThat(value("millrace.latencyP50Millis")).isEqualTo(7.0);
        assertThat(value("millrace.recent.mae")).isEqualTo(Double.NaN);
    }
}
