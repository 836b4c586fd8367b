package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SchemaCommandTest {
    @Test
    void theReferenceInTheDocumentationIsWhatTheCodeSays() throws Exception {
        assertThat(Files.readString(Path.of("..", "docs", "job-reference.md")))
                .as("./millrace schema --markdown > docs/job-reference.md brings it up to date")
                .isEqualTo(SchemaCommand.reference() + "\n");
    }

    @Test
    void theReferenceHoldsEveryKeyOnceWithItsRangeAndDefault() {
        assertThat(SchemaCommand.reference())
                .contains("| **`source`** | [source](#source) |  | Where events come from. |")
                .contains("| `parallelism` | whole number in [1, 32768] | `1` | Number of parallel learners. |")
                .contains("`learning-rate`, number > 0 (`0.003`): Step size.<br>`beta1`, number in [0, 1) (`0.9`)")
                .contains("Exactly one of `field`, `fields` must be given.")
                .containsOnlyOnce("<a id=\"layer\">")
                .doesNotContain("null", "MissingNode");
    }

    @Test
    void everyLinkOfTheReferenceLeadsToASection() {
        String reference = SchemaCommand.reference();
        reference
                .lines()
                .flatMap(line ->
                        Pattern.compile("\\(#([\\w-]+)\\)").matcher(line).results())
                .forEach(link -> assertThat(reference).contains("<a id=\"" + link.group(1) + "\">"));
    }
}
