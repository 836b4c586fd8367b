package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Inputs;
import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.metrics.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTest {
    private static final int EVENTS = 1_000;
    private static final int LEARNT = 750;
    private static final int PASSES = 3;

    @TempDir
    Path directory;

    private static float x(int event) {
        return event * 0.618034f % 1;
    }

    private static float label(int event) {
        return x(event) > 0.5f || event % 7 == 0 ? 1 : 0;
    }

    private JobSpec spec() throws Exception {
        return JobFile.read(Files.writeString(directory.resolve("job.yaml"), """
                        source:
                          kafka: {bootstrap-servers: "localhost:9092", topic: t}
                          format: csv
                        label: {field: class, classes: ["0", "1"]}
                        features: [{numeric: [x]}]
                        model: {layers: [standardize, {dense: 4}, tanh], optimizer: {adam: {learning-rate: 0.01}}}
                        """))
                .orThrow();
    }

    @Test
    void theEndIsScoredByTheModelThatHasLearntTheRestSeveralTimes() throws Exception {
        StringBuilder csv = new StringBuilder("x,class\n");
        for (int i = 0; i < EVENTS; i++) {
            csv.append(x(i)).append(',').append((int) label(i)).append('\n');
        }
        Path file = Files.writeString(directory.resolve("in.csv"), csv);

        Evaluation.Result result = Evaluation.run(spec(), file, null, new HeldOut(0.25, PASSES), telemetry -> {});

        Scores scores = Scores.of(result.overall());
        assertThat(scores.events()).isEqualTo(EVENTS - LEARNT);
        assertThat(result.overall().predictions()).isEqualTo(EVENTS - LEARNT);
        assertThat(result.overall().updates()).isEqualTo(LEARNT * PASSES);
        assertThat(result.records()).isEqualTo(LEARNT * PASSES + EVENTS - LEARNT);
        assertThat(scores.logLoss()).isCloseTo(lossByHand(), within(1e-9));
    }

    /** Nothing waits for it: events are learnt in passes, or predicted and forgotten. */
    @Test
    void aLabelAloneIsRefused() throws Exception {
        JobSpec job = JobFile.read(Files.writeString(directory.resolve("late.yaml"), """
                        source: {kafka: {bootstrap-servers: "localhost:9092", topic: t}}
                        event: {id: id}
                        label: {field: class, classes: ["0", "1"]}
                        label-join: {timeout: 1 h}
                        features: [{numeric: [x]}]
                        """))
                .orThrow();
        Path file = Files.writeString(
                directory.resolve("in.jsonl"), "{\"id\":1,\"x\":1}\n{\"id\":1,\"class\":\"1\"}\n".repeat(10));

        assertThatThrownBy(() -> Evaluation.run(job, file, null, new HeldOut(0.25, 1), telemetry -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("the job failed: --hold-out needs labels that stand in their events, and in.jsonl-0@2 is a"
                        + " label alone");
    }

    private double lossByHand() throws Exception {
        Program program = spec().model()
                .compile(new Problem(Inputs.numeric(1), spec().label().target()));
        JvmExecutor executor = new JvmExecutor(program);
        float[] row = program.initialRow("shared");
        Outcome outcome = new Outcome(2);
        for (int pass = 0; pass < PASSES; pass++) {
            for (int i = 0; i < LEARNT; i++) {
                executor.step(row, new float[] {x(i)}, new float[] {label(i)}, 1, true, outcome);
            }
        }
        double loss = 0;
        for (int i = LEARNT; i < EVENTS; i++) {
            executor.step(row, new float[] {x(i)}, new float[0], 1, false, outcome);
            loss -= Math.log(outcome.scores[(int) label(i)]);
        }
        return loss / (EVENTS - LEARNT);
    }
}
