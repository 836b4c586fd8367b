package io.millrace.jobs.cli;

import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Sgd;
import io.millrace.models.spec.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One job with its own optimizer, and with others at rates a factor of three apart. */
final class Grid {
    private static final List<Double> PLAIN = List.of(0.003, 0.01, 0.03, 0.1, 0.3, 1.0);
    private static final List<Double> ADAPTIVE = List.of(0.0003, 0.001, 0.003, 0.01, 0.03);

    private Grid() {}

    /** The jobs by what differs, the job itself first. */
    static Map<String, JobSpec> of(JobSpec job) {
        Map<String, JobSpec> jobs = new LinkedHashMap<>();
        jobs.put("as it is: " + Settings.term(job.model().optimizer().getClass()), job);
        for (double rate : PLAIN) {
            jobs.put("sgd " + rate, job.with(job.model().with(new Sgd(rate))));
        }
        for (double rate : ADAPTIVE) {
            jobs.put("adam " + rate, job.with(job.model().with(new Adam(rate))));
        }
        return jobs;
    }
}
