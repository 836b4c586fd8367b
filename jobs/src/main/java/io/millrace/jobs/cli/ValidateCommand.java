package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace validate}: prints the resolved spec, or every mistake. */
@Command(
        name = "validate",
        description = {
            "Checks a job file without starting anything.",
            "",
            "Prints the job with every default written out, or lists every mistake at once:",
            "where it is, what was found and what is allowed. Secrets are not shown."
        },
        footer = {
            "%nExample:",
            "  millrace validate job.yaml",
            "  job.yaml:9:14: model.loss: unknown loss \"cross-entopy\"; did you mean \"cross-entropy\"? ..."
        })
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "JOB.yaml", description = "The job file.")
    private Path file;

    @Override
    public Integer call() {
        String resolved = JobFile.FORMAT.print(JobFile.read(file).orThrow());
        command.commandLine().getOut().print(resolved);
        command.commandLine().getOut().flush();
        return ExitCode.FINE;
    }
}
