package io.millrace.models.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.Target;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Standardize;
import io.millrace.models.optimizer.Sgd;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime on the exported row, against the executor that wrote the row. */
class OnnxModelTest {
    private static final double TOLERANCE = 1e-5;

    static List<RandomCase> cases() {
        return RandomCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void onnxRuntimeSaysWhatTheExecutorSays(RandomCase drawn) throws OrtException {
        Program program = drawn.program();
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(program.problem().target().scores());
        float[] row = program.initialRow("key");
        List<Event> events = new ArrayList<>();
        for (List<Event> round : drawn.rounds()) {
            for (Event event : round) {
                executor.step(row, event.features(), event.label(), event.weight(), event.learn(), outcome);
                events.add(event);
            }
        }
        List<Event> last = events.subList(events.size() - 200, events.size());

        float[][] onnx = run(program, row, last.stream().map(Event::features).toList());

        for (int i = 0; i < last.size(); i++) {
            executor.step(row, last.get(i).features(), new float[0], 1, false, outcome);
            if (outcome.status == Status.REFUSED_SCORES) {
                assertThat(finite(onnx[i])).as("event %d of %s", i, drawn).isFalse();
            } else {
                assertSame(onnx[i], outcome.scores, drawn + ", event " + i);
            }
        }
    }

    private static boolean finite(float[] numbers) {
        return IntStream.range(0, numbers.length).allMatch(i -> Float.isFinite(numbers[i]));
    }

    private static void assertSame(float[] actual, float[] expected, String about) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("score %d of %s", i, about).isCloseTo(expected[i], within((float)
                    (TOLERANCE * (1 + Math.abs(expected[i])))));
        }
    }

    /** The scores of each event, all asked at once. */
    private static float[][] run(Program program, float[] row, List<float[]> events) throws OrtException {
        Inputs inputs = program.problem().inputs();
        List<String> names =
                IntStream.range(0, inputs.width()).mapToObj(i -> "feature " + i).toList();
        byte[] model = OnnxModel.of(program, row, names, Map.of("key", "k1"));
        OrtEnvironment runtime = OrtEnvironment.getEnvironment();
        try (OrtSession session = runtime.createSession(model)) {
            assertThat(session.getInputNames()).containsExactlyElementsOf(names);
            assertThat(session.getOutputNames()).containsExactlyElementsOf(outputs(program));
            assertThat(session.getMetadata().getCustomMetadata()).containsEntry("key", "k1");
            Map<String, OnnxTensor> columns = new TreeMap<>();
            long[] shape = {events.size(), 1};
            for (int i = 0; i < inputs.width(); i++) {
                int column = i;
                if (i < inputs.numeric()) {
                    FloatBuffer numbers = FloatBuffer.allocate(events.size());
                    events.forEach(event -> numbers.put(event[column]));
                    columns.put(names.get(i), OnnxTensor.createTensor(runtime, numbers.flip(), shape));
                } else {
                    LongBuffer buckets = LongBuffer.allocate(events.size());
                    events.forEach(event -> buckets.put((long) event[column]));
                    columns.put(names.get(i), OnnxTensor.createTensor(runtime, buckets.flip(), shape));
                }
            }
            float[][] scores =
                    new float[events.size()][program.problem().target().scores()];
            try (OrtSession.Result result = session.run(columns)) {
                for (int output = 0; output < result.size(); output++) {
                    float[][] values = (float[][]) result.get(output).getValue();
                    for (int event = 0; event < values.length; event++) {
                        scores[event][output] = values[event][0];
                    }
                }
            }
            columns.values().forEach(OnnxTensor::close);
            return scores;
        }
    }

    private static List<String> outputs(Program program) {
        Target target = program.problem().target();
        return target.classes().isEmpty()
                ? List.of("prediction")
                : target.classes().stream().map(name -> "probability:" + name).toList();
    }

    /** Features may be called as the model's own tensors are, but not as an output. */
    @Test
    void featuresMayHaveAnyNames() throws OrtException {
        Problem problem = new Problem(Inputs.numeric(2), new Target.Value());
        ModelSpec spec = new ModelSpec(List.of(new Standardize(), new Dense(3)), null, new Sgd(0.1), 1);
        Program program = spec.compile(problem);
        float[] row = program.initialRow("k");
        byte[] model = OnnxModel.of(program, row, List.of("parameters", "buffers"), Map.of());

        OrtEnvironment.getEnvironment().createSession(model).close();
        assertThatThrownBy(() -> OnnxModel.of(program, row, List.of("x", "prediction"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the feature \"prediction\" has the name of an output of the ONNX model");
    }

    @Test
    void namesWhatItCannotTranslate() {
        Translation translation = new Translation(new Graph("test"));
        assertThatThrownBy(() -> translation.translate("t1 = torch.erfinv(0.5)"))
                .hasMessage("ONNX export does not know torch.erfinv");
        assertThatThrownBy(() -> translation.translate("t1 = t0 + 1."))
                .hasMessage("ONNX export does not know the tensor t0");
        assertThatThrownBy(() -> translation.translate("t1 = 1 @ 2"))
                .hasMessage("ONNX export does not know the expression 1 @ 2");
    }
}
