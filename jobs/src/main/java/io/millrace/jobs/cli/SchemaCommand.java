package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace schema}: prints the JSON Schema of job files. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of job files, so that editors complete and check them.",
        footer = {
            "%nExample: have VS Code (with its YAML extension) and IntelliJ help you write a job",
            "  millrace schema > job.schema.json",
            "  and as the first line of job.yaml:",
            "  # yaml-language-server: $schema=job.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        command.commandLine().getOut().println(JobFile.FORMAT.schema());
        return ExitCode.FINE;
    }
}
