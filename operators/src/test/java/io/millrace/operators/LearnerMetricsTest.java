package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.flink.metrics.HistogramStatistics;
import org.junit.jupiter.api.Test;

class LearnerMetricsTest {
    private final RecordedMetrics metrics = new RecordedMetrics();
    private final LearnerMetrics learner = new LearnerMetrics(metrics.group());

    @Test
    void tellsLearningFromPredicting() {
        learner.took(true, 700);
        learner.took(true, 900);
        learner.took(false, 300);

        assertThat(metrics.histogram("millrace.learnNanos").getStatistics().getValues())
                .containsExactly(700, 900);
        assertThat(metrics.histogram("millrace.predictNanos").getStatistics().getMax())
                .isEqualTo(300);
        assertThat(metrics.histogram("millrace.batchSamples").getCount()).isZero();
    }

    @Test
    void knowsTheQuantilesOfTheLastValues() {
        LongStream.rangeClosed(1, 3_000).forEach(size -> learner.batch((int) size));

        HistogramStatistics sizes = metrics.histogram("millrace.batchSamples").getStatistics();

        assertThat(metrics.histogram("millrace.batchSamples").getCount()).isEqualTo(3_000);
        assertThat(sizes.size()).isEqualTo(1_024);
        assertThat(sizes.getMin()).isEqualTo(1_977);
        assertThat(sizes.getQuantile(0.5)).isEqualTo(2_488); // the 512th of 1,977 to 3,000
        assertThat(sizes.getQuantile(1)).isEqualTo(3_000);
        assertThat(sizes.getMean()).isEqualTo(2_488.5);
    }

    @Test
    void isUndefinedOrZeroWhereNothingHappened() {
        assertThat(metrics.histogram("millrace.learnNanos").getStatistics().getQuantile(0.99))
                .isNaN();
        assertThat(metrics.value("millrace.liveRows")).isEqualTo(0L);
        assertThat(metrics.value("millrace.cacheHits")).isEqualTo(0L);
        assertThat(metrics.value("millrace.deviceBytes")).isEqualTo(0L);
    }
}
