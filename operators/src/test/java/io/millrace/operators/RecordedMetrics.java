package io.millrace.operators;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Remembers every metric by its whole name, with points between the groups. */
final class RecordedMetrics {
    private final Map<String, Gauge<?>> gauges = new TreeMap<>();
    private final Map<String, Histogram> histograms = new TreeMap<>();

    /** The group of the whole. */
    MetricGroup group() {
        return new Group("");
    }

    Object value(String gauge) {
        return gauges.get(gauge).getValue();
    }

    Histogram histogram(String name) {
        return histograms.get(name);
    }

    private final class Group extends UnregisteredMetricsGroup {
        private final String prefix;

        Group(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Group(prefix + name + ".");
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(prefix + name, gauge);
            return gauge;
        }

        @Override
        public <H extends Histogram> H histogram(String name, H histogram) {
            histograms.put(prefix + name, histogram);
            return histogram;
        }
    }
}
