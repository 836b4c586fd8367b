package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace schema}: prints the JSON Schema of job files. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of job files, so that editors complete and check them.",
        footer = {
            "%nExample: have VS Code (with its YAML extension) and IntelliJ help you write a job",
            "  millrace schema > job.schema.json",
            "  and as the first line of job.yaml:",
            "  # yaml-language-server: $schema=job.schema.json",
            "%nThe same for people, as in docs/job-reference.md:",
            "  millrace schema --markdown"
        })
final class SchemaCommand implements Callable<Integer> {
    private static final String HEAD = """
            # All keys of a job file

            Written by `./millrace schema --markdown` from the descriptions in the code; [job-spec.md](job-spec.md) explains
            the ideas behind them. Keys in **bold** must be there. Of a part that is a choice, the name alone will do where
            no setting must be there (`relu`), and the first setting may stand alone behind the name: `{dense: 64}` is
            `{dense: {units: 64}}`. Durations have a unit: `500 ms`, `10 s`, `5 min`, `2 h`, `30 d`.
            """;

    @Spec
    private CommandSpec command;

    @Option(names = "--markdown", description = "Print a reference of all keys in Markdown instead.")
    private boolean markdown;

    @Override
    public Integer call() {
        command.commandLine().getOut().println(markdown ? reference() : JobFile.FORMAT.schema());
        return ExitCode.FINE;
    }

    /** The reference as a page, without the line break at its end. */
    static String reference() {
        return HEAD + JobFile.FORMAT.reference().stripTrailing();
    }
}
