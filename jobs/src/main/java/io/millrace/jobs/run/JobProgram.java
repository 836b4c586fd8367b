package io.millrace.jobs.run;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main class of the job jar: runs a job where Flink itself starts it, as with {@code flink run}, in Flink's
 * application mode, or by the Kubernetes operator.
 */
public final class JobProgram {
    private static final Logger LOG = LoggerFactory.getLogger(JobProgram.class);

    private JobProgram() {}

    /**
     * Runs a job.
     *
     * @param arguments the job file
     * @throws IllegalArgumentException if it holds mistakes, which are listed
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("usage: millrace-job.jar JOB.yaml");
        }
        JobSpec spec =
                JobFile.FORMAT.resolve(JobFile.read(Path.of(arguments[0])).orThrow());
        new Preflight(spec, LOG::info).run();
        StreamExecutionEnvironment environment = Flink.submitted(spec);
        new JobGraph(spec).fromKafkaToKafka(environment);
        environment.execute(spec.name());
    }
}
