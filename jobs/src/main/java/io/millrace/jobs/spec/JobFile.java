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
     * A schema's path is taken to be relative to the file. Features that are left out are filled in, unless the events'
     * fields are known only from a file's first line.
     */
    public static Reading<JobSpec> read(Path file) {
        return FORMAT.read(file)
                .completedBy(spec -> beside(file, spec))
                .checkedBy((spec, mistakes) -> new JobCheck(spec, mistakes).run())
                .completedBy(JobFile::withFeatures);
    }

    private static JobSpec beside(Path file, JobSpec spec) {
        Source source = spec.source();
        if (!(source.format() instanceof Format.Avro avro) || avro.schema() == null) {
            return spec;
        }
        Path schema = file.toAbsolutePath().resolveSibling(avro.schema()).normalize();
        return spec.with(new Source(source.kafka(), new Format.Avro(schema.toString())));
    }

    private static JobSpec withFeatures(JobSpec spec) {
        if (spec.features() != null) {
            return spec;
        }
        return EventSchema.of(spec.source().format())
                .map(schema -> spec.with(schema.features(spec.event(), spec.label())))
                .orElse(spec);
    }
}
