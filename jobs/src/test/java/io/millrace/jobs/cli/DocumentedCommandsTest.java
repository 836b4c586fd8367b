package io.millrace.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/**
 * Commands that the documentation shows can be understood. Those that are run for real are in {@code QuickStartIT}; {@code
 * bench} is a program of its own, which only a source tree has ({@code DocumentedBenchmarksTest}).
 */
class DocumentedCommandsTest {
    private static final Path HOME = Path.of("..");

    /** A line that is a command, of a block or of a comment in a job file. */
    private static final Pattern LINE = Pattern.compile("(?m)^(?:#? *)\\./millrace (?!bench)(.*)$");

    /** A command within a sentence; it may be broken over two lines. */
    private static final Pattern MENTION = Pattern.compile("`(?:\\./)?millrace (?!bench)([^`]+)`");

    private static final Pattern OUTSIDE = Pattern.compile("(?m)^(docker|kubectl|helm) .*$");

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(HOME.resolve("docs"));
                Stream<Path> examples = Files.list(HOME.resolve("examples"))) {
            Stream<Path> others = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docker/README.md")
                    .map(HOME::resolve);
            return Stream.of(docs, examples, others)
                    .flatMap(each -> each)
                    .filter(page -> page.toString().matches(".*\\.(md|yaml)"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** The words of a command, without what is the shell's. */
    private static String[] words(String command) {
        return command.replaceAll("\\s+", " ")
                .replaceFirst("^.*?millrace ", "")
                .replaceFirst("`$", "")
                .replaceFirst(" (#|>|\\||&&).*", "")
                .strip()
                .split(" ");
    }

    @TestFactory
    Stream<DynamicTest> everyCommandOfTheDocumentationIsUnderstood() throws IOException {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (Path page : pages()) {
            for (String line : found(LINE, page)) {
                tests.add(DynamicTest.dynamicTest(
                        page + ": " + line.strip(), () -> Millrace.commandLine().parseArgs(words(line))));
            }
        }
        return tests.build();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleOfTheHelpIsUnderstood() {
        return Millrace.commandLine().getSubcommands().entrySet().stream()
                .flatMap(verb -> Stream.of(
                        verb.getValue().getCommandSpec().usageMessage().footer()))
                .filter(line -> line.strip().startsWith("millrace "))
                .distinct()
                .map(line -> DynamicTest.dynamicTest(
                        line.strip(), () -> Millrace.commandLine().parseArgs(words(line))));
    }

    /** What stands in a sentence may leave things out, but names no verb and no option that there is not. */
    @TestFactory
    Stream<DynamicTest> everyMentionNamesWhatThereIs() throws IOException {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (Path page : pages()) {
            for (String mention : found(MENTION, page)) {
                tests.add(DynamicTest.dynamicTest(page + ": " + mention, () -> requireKnown(words(mention))));
            }
        }
        return tests.build();
    }

    private static void requireKnown(String... words) {
        CommandLine verb = Millrace.commandLine();
        for (String word : words) {
            String name = word.replaceFirst("^\\[", "").replaceFirst("[=\\]].*$", "");
            if (name.startsWith("--")) {
                assertThat(verb.getCommandSpec().optionsMap()).containsKey(name);
            } else {
                verb = verb.getSubcommands().getOrDefault(name, verb);
            }
        }
        assertThat(verb.getParent())
                .as("a verb in millrace %s", String.join(" ", words))
                .isNotNull();
    }

    @Test
    void whatNeedsDockerOrKubernetesSaysSo() throws IOException {
        int commands = 0;
        for (Path page : pages()) {
            for (String line : found(OUTSIDE, page)) {
                assertThat(line)
                        .as(page.toString())
                        .contains(line.startsWith("docker") ? "# needs Docker" : "# needs Kubernetes");
                commands++;
            }
        }
        assertThat(commands).isPositive();
    }
}
