package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.loss.CrossEntropy;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Problem PROBLEM =
            new Problem(new Inputs(2, List.of(new Inputs.Category(3, 2))), new Target.Classes(List.of("no", "yes")));

    private static Program program(List<Layer> layers, Optimizer optimizer, long seed) {
        return new ModelSpec(layers, null, optimizer, seed).compile(PROBLEM);
    }

    private static Program program() {
        return program(List.of(new Standardize(), new Dense(3), new LayerNorm(), new Relu()), new Adam(0.01), 1);
    }

    @Test
    void describesEveryRangeOfTheRow() {
        assertThat(program().layout().describe()).isEqualTo("""
                        parameters embedding.0 [3, 2]
                        parameters 1.dense.weight [3, 4]
                        parameters 1.dense.bias [3]
                        parameters 2.layer-norm.scale [3]
                        parameters 2.layer-norm.shift [3]
                        parameters output.weight [1, 3]
                        parameters output.bias [1]
                        slots mean [32]
                        slots square [32]
                        buffers 0.standardize.count [2]
                        buffers 0.standardize.mean [2]
                        buffers 0.standardize.variance [2]
                        counters updates [2]
                        counters salt [1]
                        counters last-label [2]
                        counters refusals [1]
                        counters last-seen [2]
                        width 128
                        """);
    }

    @Test
    void fingerprintIsStableAcrossReleases() {
        assertThat(program().layout().fingerprint()).isEqualTo("cba590718b77e054");
    }

    @Test
    void fingerprintChangesWithTheModelButNotWithItsSeed() {
        List<Layer> layers = List.of(new Dense(3));
        String fingerprint = program(layers, new Sgd(0.1), 1).layout().fingerprint();
        assertThat(program(layers, new Sgd(0.2), 2).layout().fingerprint()).isEqualTo(fingerprint);
        assertThat(program(List.of(new Dense(4)), new Sgd(0.1), 1).layout().fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(program(List.of(new Dense(3), new LayerNorm()), new Sgd(0.1), 1)
                        .layout()
                        .fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(program(layers, new Adam(0.1), 1).layout().fingerprint()).isNotEqualTo(fingerprint);
    }

    @Test
    void sectionsStartAtMultiplesOfSixteen() {
        Layout layout = program().layout();
        for (Section section : Section.values()) {
            assertThat(layout.start(section) % 16).isZero();
            assertThat(layout.length(section) % 16).isZero();
        }
        assertThat(layout.slot(1)).isEqualTo(2 * layout.parameters());
    }

    @Test
    void newModelIsUndecided() {
        Program program = program();
        float[] row = program.initialRow("key");
        for (Range range : program.layout().ranges()) {
            if (range.name().startsWith("output")) {
                for (int i = 0; i < range.length(); i++) {
                    assertThat(row[program.layout().at(range) + i]).isZero();
                }
            }
        }
        assertThat(program.updates(row)).isZero();
        assertThat(program.lastLabel(row)).isNaN();
    }

    @Test
    void initialRowsDifferByKeyOnlyInTheirSalt() {
        Program program = program();
        float[] one = program.initialRow("one");
        float[] other = program.initialRow("other");
        assertThat(one).isEqualTo(program.initialRow("one"));
        assertThat(one[program.saltAt()]).isNotEqualTo(other[program.saltAt()]).isBetween(0f, 0x1p24f);
        other[program.saltAt()] = one[program.saltAt()];
        assertThat(one).isEqualTo(other);
    }

    @Test
    void initialRowsDifferBySeed() {
        List<Layer> layers = List.of(new Dense(3));
        assertThat(program(layers, new Sgd(0.1), 1).initialRow("key"))
                .isNotEqualTo(program(layers, new Sgd(0.1), 2).initialRow("key"));
    }

    @Test
    void lossThatDoesNotFitTheTargetIsRefused() {
        assertThatThrownBy(() -> new ModelSpec(List.of(), new Squared(), new Sgd(0.1), 1).compile(PROBLEM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("squared needs a value");
        Problem value = new Problem(Inputs.numeric(1), new Target.Value());
        assertThatThrownBy(() -> new ModelSpec(List.of(), new CrossEntropy(), new Sgd(0.1), 1).compile(value))
                .hasMessageContaining("cross-entropy needs classes");
    }

    @Test
    void layerThatDoesNotFitIsNamedWithItsPosition() {
        List<Layer> layers = List.of(new Dense(65536), new Relu(), new Dense(65536)); // 2^32 weights
        assertThatThrownBy(() -> program(layers, new Sgd(0.1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("layers[2] dense:");
    }

    @Test
    void aSingleNumberIsNotNormalizedByItself() {
        assertThatThrownBy(() -> program(List.of(new Dense(1), new LayerNorm()), new Sgd(0.1), 1))
                .hasMessage(
                        "layers[1] layer-norm: a single number has no deviation to be divided by; it needs 2 or more");
    }

    @Test
    void softLabelIsRememberedAsItsMostProbableClass() {
        Problem soft = new Problem(Inputs.numeric(1), new Target.Distribution(List.of("a", "b", "c")));
        Program program = new ModelSpec(List.of(), null, new Sgd(0.1), 1).compile(soft);
        float[] row = program.initialRow("key");
        program.lastLabel(row, new float[] {0.2f, 0.4f, 0.4f});
        assertThat(program.lastLabel(row)).isEqualTo(1);
    }

    @Test
    void inputsAndTargetsAreChecked() {
        assertThatThrownBy(() -> Inputs.numeric(0)).hasMessageContaining("at least one feature");
        assertThatThrownBy(() -> Inputs.numeric(-1)).hasMessageContaining("numeric=-1 must be >= 0");
        assertThatThrownBy(() -> new Inputs.Category(0, 1)).hasMessageContaining("buckets=0 must be in [1, 16777216]");
        assertThatThrownBy(() -> new Inputs.Category(1, 0)).hasMessageContaining("dimension=0 must be >= 1");
        assertThatThrownBy(() -> new Target.Classes(List.of("one"))).hasMessageContaining("at least two classes");
        assertThatThrownBy(() -> new Target.Classes(List.of("a", "a"))).hasMessageContaining("must be distinct");
        assertThatThrownBy(() -> new Target.Distribution(List.of("a", "a"))).hasMessageContaining("must be distinct");
    }

    @Test
    void countersHoldTimesAndRefusalsExactly() {
        Program program = program();
        float[] row = program.initialRow("key");
        assertThat(program.lastSeen(row)).isEqualTo(Program.NEVER);
        for (long millis : new long[] {0, 1, -1, 1_800_000_000_123L, (1L << 48) - Program.LOW - 1, -(1L << 48) + 1}) {
            program.lastSeen(row, millis);
            assertThat(program.lastSeen(row)).isEqualTo(millis);
        }
        program.refusals(row, 3);
        assertThat(program.refusals(row)).isEqualTo(3);
        program.neverSeen(row);
        assertThat(program.lastSeen(row)).isEqualTo(Program.NEVER);
    }

    @Test
    void modelsThatNoRowCanHoldAreRefusedBeforeAnythingIsAllocated() {
        Target target = new Target.Value();
        ModelSpec spec = new ModelSpec(List.of(), null, new Sgd(0.1), 1);
        for (int dimension : new int[] {32, 128, Integer.MAX_VALUE}) {
            Inputs inputs = new Inputs(0, List.of(new Inputs.Category(1 << 24, dimension)));
            assertThatThrownBy(() -> spec.compile(new Problem(inputs, target)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a model of %d floats is too large: at most 536870911 (2 GiB) are possible"
                            .formatted((1L << 24) * dimension));
        }
        assertThatThrownBy(() -> Inputs.numeric(65_536))
                .hasMessage("a model may have at most 65535 features, and these are 65536");
        List<String> classes = IntStream.range(0, 65_536).mapToObj(c -> "c" + c).toList();
        assertThatThrownBy(() -> new Target.Classes(classes))
                .hasMessage("there may be at most 65535 classes, and these are 65536");
    }

    @Test
    void aRowFromAnotherHasItsNumbersButCountersOfItsOwn() {
        Program program = program();
        float[] other = program.initialRow("other");
        Arrays.fill(other, 0, 96, 7);
        program.countUpdate(other);

        float[] row = program.rowFrom(other, "key");

        assertThat(program.updates(row)).isZero();
        assertThat(row[program.saltAt()]).isEqualTo(program.initialRow("key")[program.saltAt()]);
        for (int i = 0; i < program.layout().start(Range.Section.COUNTERS); i++) {
            assertThat(row[i]).isEqualTo(other[i]);
        }
    }
}
