package io.millrace.jobs.cli;

import io.millrace.connectors.event.Format;
import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.spec.LateLabels;
import io.millrace.jobs.spec.Predictions;
import java.io.File;
import java.io.IOException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What a job knows of a topic: on which cluster it is and how its records are read. */
record JobTopic(JobSpec job, String topic) {

    /** The cluster of the result that goes to this topic, else that of the job's events. */
    Cluster cluster() {
        Kafka source = job.source().kafka();
        return job.resultTopics().values().stream()
                .filter(this::is)
                .findFirst()
                .map(result -> Cluster.of(result, source))
                .orElseGet(() -> read(source));
    }

    /** The cluster of what a job reads from this topic. */
    private Cluster read(Kafka source) {
        LateLabels labels = labels();
        return labels == null || labels.kafka() == null ? Cluster.of(source) : Cluster.of(labels.kafka(), source);
    }

    /** How what a job reads from this topic is written. */
    Format format() {
        LateLabels labels = labels();
        return labels == null ? job.source().format() : labels.format();
    }

    /** The field that names the model in what a job reads from this topic. */
    @Nullable
    String key() {
        LateLabels labels = labels();
        return (labels == null ? job.event() : labels.fields(job.event())).key();
    }

    private @Nullable LateLabels labels() {
        LateLabels labels = job.labelJoin();
        return labels != null && labels.kafka() != null && is(labels.kafka()) ? labels : null;
    }

    /** Reads predictions and events in the job's formats, all else as JSON. */
    RecordText text() throws IOException {
        Predictions predictions = job.predictions();
        if (predictions != null && is(predictions.kafka()) && predictions.format() instanceof Format.Avro) {
            String schema = PredictionFormat.schema(job.label().target());
            return RecordText.avro(new Schema.Parser().parse(schema));
        }
        if ((topic.equals(job.source().kafka().topic()) || labels() != null)
                && format() instanceof Format.Avro avro
                && avro.schema() != null) {
            return RecordText.avro(new Schema.Parser().parse(new File(avro.schema())));
        }
        return RecordText.plain();
    }

    private boolean is(KafkaTopic other) {
        return other.topic().equals(topic);
    }
}
