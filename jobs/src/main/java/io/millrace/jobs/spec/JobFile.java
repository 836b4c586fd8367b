package io.millrace.jobs.spec;

import io.millrace.jobs.yaml.Reading;
import io.millrace.jobs.yaml.SpecFormat;
import java.nio.file.Path;

/** Reads job specs from YAML files. */
public final class JobFile {
    /** The YAML form of a job spec. */
    public static final SpecFormat<JobSpec> FORMAT = SpecFormat.of(JobSpec.class);

    private JobFile() {}

    /** Reads and checks a file: its keys, how they fit together, the fields of its schema, and that its model compiles. */
    public static Reading<JobSpec> read(Path file) {
        return FORMAT.read(file).checkedBy((spec, mistakes) -> new JobCheck(spec, directory(file), mistakes).run());
    }

    /** Where relative paths in a job file begin: beside the file. */
    public static Path directory(Path file) {
        return file.toAbsolutePath().resolveSibling("").normalize();
    }
}
