package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Execution.Executor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which executor runs the models: the job file's, unless one is named. */
final class ExecutorOption {
    @Option(
            names = "--executor",
            paramLabel = "EXECUTOR",
            description = "jvm (fused CPU kernels) or djl (PyTorch); the job's when left out.")
    private @Nullable Executor executor;

    JobSpec apply(JobSpec spec) {
        return executor == null ? spec : spec.with(executor);
    }
}
