package io.millrace.jobs.spec;

import io.millrace.connectors.event.Format;
import io.millrace.jobs.yaml.Reading;
import io.millrace.jobs.yaml.SpecFormat;
import java.nio.file.Path;

/** Reads job specs from YAML files. */
public final class JobFile {
    /** The YAML form of a job spec. */
    public static final SpecFormat<JobSpec> FORMAT = SpecFormat.of(JobSpec.class);

    private JobFile() {}

    /**
     * Reads and checks a file: its keys, how they fit together, the fields of its schema, and that its model compiles.
     * The path of a schema begins beside the file, and is absolute in the spec.
     */
    public static Reading<JobSpec> read(Path file) {
        Path directory = file.toAbsolutePath().resolveSibling("").normalize();
        return FORMAT.read(file)
                .checkedBy((spec, mistakes) -> new JobCheck(spec, directory, mistakes).run())
                .completedBy(spec -> in(directory, spec));
    }

    private static JobSpec in(Path directory, JobSpec spec) {
        if (!(spec.source().format() instanceof Format.Avro avro) || avro.schema() == null) {
            return spec;
        }
        String schema = directory.resolve(avro.schema()).normalize().toString();
        return spec.with(new Source(spec.source().kafka(), new Format.Avro(schema)));
    }
}
