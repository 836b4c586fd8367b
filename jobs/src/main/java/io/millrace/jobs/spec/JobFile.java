package io.millrace.jobs.spec;

import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.Format;
import io.millrace.jobs.yaml.Reading;
import io.millrace.jobs.yaml.SpecFormat;
import java.nio.file.Path;
import java.util.List;

/** Reads job specs from YAML files. */
public final class JobFile {
    /** The YAML form of a job spec. */
    public static final SpecFormat<JobSpec> FORMAT = SpecFormat.of(JobSpec.class);

    private JobFile() {}

    /**
     * Reads and checks a file: its keys, how they fit together, the fields of its schema, and that its model compiles.
     * The path of a schema begins beside the file, and is absolute in the spec. Features that are left out are filled
     * in, unless only a file's first line tells what columns there are.
     */
    public static Reading<JobSpec> read(Path file) {
        Path directory = file.toAbsolutePath().resolveSibling("").normalize();
        return FORMAT.read(file)
                .checkedBy((spec, mistakes) -> new JobCheck(spec, directory, mistakes).run())
                .completedBy(spec -> in(directory, spec))
                .completedBy(JobFile::withFeatures);
    }

    private static JobSpec withFeatures(JobSpec spec) {
        Format format = spec.source().format();
        if (!spec.features().isEmpty() || (format instanceof Format.Csv csv && csv.header() == null)) {
            return spec;
        }
        return spec.with(EventReader.of(format, spec.event(), spec.label(), spec.labelPlace(), List.of(), Path.of(""))
                .features());
    }

    private static JobSpec in(Path directory, JobSpec spec) {
        LateLabels labels = spec.labelJoin();
        JobSpec located = spec.with(
                new Source(spec.source().kafka(), in(directory, spec.source().format())));
        return labels == null ? located : located.with(labels.with(in(directory, labels.format())));
    }

    private static Format in(Path directory, Format format) {
        return format instanceof Format.Avro avro && avro.schema() != null
                ? new Format.Avro(directory.resolve(avro.schema()).normalize().toString())
                : format;
    }
}
