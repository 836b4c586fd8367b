package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.operators.Execution;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.OnlineLearner;
import io.millrace.operators.SnapshotPlan;
import io.millrace.operators.StatePlan;
import io.millrace.state.records.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A stream that ends, on several learners: the last snapshot is taken at its end and is whole. */
class BoundedStreamIT {
    private static final int KEYS = 100;

    @TempDir
    private Path directory;

    @RepeatedTest(5)
    void theLastSnapshotHoldsEveryModel() throws Exception {
        Problem problem = new Problem(Inputs.numeric(2), new Target.Classes(List.of("outside", "inside")));
        ModelSpec model = new ModelSpec(List.of(new Dense(4)), null, new Sgd(0.1), 1);
        SnapshotPlan plan = new SnapshotPlan(directory.toUri().toString(), null, 0, "");
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(10));
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.createLocalEnvironment(3, configuration);
        OnlineLearner.of(new LearnerSpec("circles", model, problem, Execution.AUTO, 1000, plan, StatePlan.DEFAULT))
                .apply(flink.fromSequence(0, 9_999)
                        .map(BoundedStreamIT::sample)
                        .returns(Sample.class)
                        .keyBy(Sample::key))
                .predictions()
                .sinkTo(new DiscardingSink<>());
        flink.execute();

        try (Stream<Path> snapshots = Files.list(directory)) {
            List<Path> all = snapshots.toList();
            assertThat(all).hasSize(1);
            Set<String> keys = new HashSet<>();
            Snapshot.open(all.get(0)).forEach((key, row) -> keys.add(key));
            assertThat(keys).hasSize(KEYS);
        }
    }

    private static Sample sample(long number) {
        float[] point = {number % 7, number % 11};
        return Sample.of("key-" + number % KEYS, "sample-" + number, number, point, (float) (number % 2));
    }
}
