package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.RandomCase;
import io.millrace.models.program.Script.Purpose;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the scripts of random models are made of. */
class StepScriptTest {
    /** What makes a host wait for its device: a number read from a tensor, a branch on one, a shape that depends on one. */
    private static final Pattern ROUND_TRIP = Pattern.compile("\\.(item|tolist|cpu|nonzero|to|numpy)\\("
            + "|(?<![.\\w])((bool|int|float|print)\\(|(if|while|for|assert)\\b)"
            + "|torch\\.(nonzero|masked_select|unique|equal|allclose|is_nonzero|bincount|repeat_interleave)\\b");

    static List<RandomCase> cases() {
        return RandomCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noValueReachesTheHostWithinAStep(RandomCase each) {
        for (Updates updates : Updates.values()) {
            if (updates == Updates.PER_BATCH && each.program().members() > 1) {
                continue; // there is no such step
            }
            for (Purpose learning : List.of(Purpose.LEARN, Purpose.AUTOGRAD)) {
                assertThat(StepScript.of(each.program(), updates, learning)).doesNotContainPattern(ROUND_TRIP);
            }
        }
    }

    /** Between them the cases hold the whole catalogue of layers and losses. */
    @ParameterizedTest
    @MethodSource("cases")
    void onlyLayersThatLearnDirectionsNeedAutograd(RandomCase each) {
        boolean directions = Pattern.compile("WeightNorm|CosineNorm")
                .matcher(each.spec().layers().toString())
                .find();
        String source = StepScript.of(each.program(), Updates.PER_EVENT);
        assertThat(source.contains("torch.grad(")).as("%s", each).isEqualTo(directions);
        assertThat(source.contains("torch.set_grad_enabled(True)")).isEqualTo(directions);
    }

    @Test
    void theTestKnowsRoundTrips() {
        for (String statement : List.of("a = b.item()", "if a:", "a = int(b)", "c = torch.nonzero(b)", "a = b.cpu()")) {
            assertThat(statement).containsPattern(ROUND_TRIP);
        }
    }
}
