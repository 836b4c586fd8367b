package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tests.bench.Bench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Every {@code millrace bench} that the documentation shows names a benchmark and options that there are. */
class DocumentedBenchmarksTest {
    private static final Path HOME = Path.of("..");
    private static final Pattern MENTION = Pattern.compile("millrace bench(?: ([a-z]+))?([^`\n]*)");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    @TestFactory
    Stream<DynamicTest> everyBenchmarkOfTheDocumentationIsUnderstood() throws IOException {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        try (Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
            for (Path page : Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(HOME::resolve))
                    .toList()) {
                MENTION.matcher(Files.readString(page))
                        .results()
                        .forEach(mention -> tests.add(
                                DynamicTest.dynamicTest(page + ": " + mention.group(), () -> requireKnown(mention))));
            }
        }
        return tests.build();
    }

    private static void requireKnown(MatchResult mention) {
        CommandSpec bench = new picocli.CommandLine(new Bench()).getCommandSpec();
        if (mention.group(1) != null) {
            assertThat(bench.subcommands()).containsKey(mention.group(1));
            bench = bench.subcommands().get(mention.group(1)).getCommandSpec();
        }
        Matcher options = OPTION.matcher(mention.group(2));
        while (options.find()) {
            assertThat(bench.optionsMap()).containsKey(options.group());
        }
    }
}
