package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The job that a verb runs. */
final class JobArgument {
    @Parameters(paramLabel = "JOB.yaml", description = "The job file.")
    private Path file;

    @Mixin
    private ExecutorOption executor;

    /** Where the job was read. */
    Path file() {
        return file;
    }

    /** The job as it was written, without what its references stand for: to be shown. */
    JobSpec written() {
        return executor.apply(JobFile.read(file).orThrow());
    }

    /** The job, ready to run: secrets are in it, so never print it. */
    JobSpec resolved() {
        return JobFile.FORMAT.resolve(written());
    }
}
