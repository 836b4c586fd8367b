package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventFields;
import io.millrace.connectors.event.EventReader;
import io.millrace.connectors.event.LabelRecordReader;
import io.millrace.connectors.kafka.DeadLetterRecords;
import io.millrace.connectors.kafka.Delivery;
import io.millrace.connectors.kafka.DivertDeadLetters;
import io.millrace.connectors.kafka.EventSource;
import io.millrace.connectors.kafka.JsonRecords;
import io.millrace.connectors.kafka.Kafka;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.connectors.kafka.PredictionRecords;
import io.millrace.connectors.kafka.TopicSink;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.spec.Every;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.spec.LateLabels;
import io.millrace.jobs.spec.Predictions;
import io.millrace.models.Target;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.OnlineLearner;
import io.millrace.operators.OnlineLearner.Learnt;
import io.millrace.operators.SnapshotPlan;
import io.millrace.operators.SnapshotTaken;
import io.millrace.operators.Telemetry;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the Flink graph of a job: events are decoded where they are read, travel to their key's learner, and what
 * comes out of it goes to the topics the spec names.
 */
public final class JobGraph {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

    private final JobSpec spec;
    private final EventReader reader;

    /**
     * @param spec with every reference to a secret resolved
     * @throws IllegalArgumentException if its parts do not fit together
     */
    public JobGraph(JobSpec spec) {
        this.spec = spec;
        this.reader = reader(spec);
    }

    /** Reads the job's events from its own format. */
    public static EventReader reader(JobSpec spec) {
        return EventReader.of(
                spec.source().format(), spec.event(), spec.label(), spec.labelPlace(), spec.features(), Path.of(""));
    }

    /**
     * What a job produces.
     *
     * @param telemetry how the learning goes
     * @param predictions one for every event
     * @param deadLetters events that could not be read or learnt
     * @param snapshots a note for each completed snapshot
     */
    public record Outputs(
            SingleOutputStreamOperator<Telemetry> telemetry,
            DataStream<Prediction> predictions,
            DataStream<DeadLetter> deadLetters,
            DataStream<SnapshotTaken> snapshots) {}

    /** The whole job: from the source's topic to the topics of the outputs. */
    public Outputs fromKafkaToKafka(StreamExecutionEnvironment environment) {
        Kafka kafka = spec.source().kafka();
        DataStream<Decoded> events = environment
                .fromSource(
                        EventSource.of(kafka, spec.name(), reader),
                        EventSource.watermarks(spec.event().outOfOrderness()),
                        "events")
                .uid("events");
        Outputs outputs = learn(samples(events, "samples"), labels(environment));
        Predictions predictions = spec.predictions();
        if (predictions != null) {
            KafkaTopic topic = predictions.kafka();
            Target target = reader.problem().target();
            PredictionRecords records =
                    new PredictionRecords(topic.topic(), PredictionFormat.of(predictions.format(), target));
            send(outputs.predictions, topic, predictions.delivery(), "predictions", records);
        }
        if (spec.deadLetters() != null) {
            KafkaTopic topic = spec.deadLetters().kafka();
            send(
                    outputs.deadLetters,
                    topic,
                    Delivery.EXACTLY_ONCE,
                    "dead-letters",
                    new DeadLetterRecords(topic.beside(kafka)));
        }
        KafkaTopic telemetry = spec.telemetry().kafka();
        if (telemetry != null) {
            JsonRecords<Telemetry> records = new JsonRecords<>(telemetry.topic(), TelemetryView::of);
            send(outputs.telemetry, telemetry, Delivery.AT_LEAST_ONCE, "telemetry", records);
        }
        return outputs;
    }

    /** Labels that come on a topic of their own; null if there is none. */
    private @Nullable SingleOutputStreamOperator<Sample> labels(StreamExecutionEnvironment environment) {
        LateLabels labels = spec.labelJoin();
        Kafka kafka = labels == null ? null : labels.source(spec.source().kafka());
        if (labels == null || kafka == null) {
            return null;
        }
        EventFields fields = labels.fields(spec.event());
        LabelRecordReader records = LabelRecordReader.of(labels.format(), fields, spec.label(), Path.of(""));
        DataStream<Decoded> decoded = environment
                .fromSource(
                        EventSource.of(kafka, spec.name(), records),
                        EventSource.watermarks(fields.outOfOrderness()),
                        "labels")
                .uid("labels");
        return samples(decoded, "label-samples");
    }

    private static SingleOutputStreamOperator<Sample> samples(DataStream<Decoded> decoded, String name) {
        return decoded.process(new DivertDeadLetters()).name(name).uid(name);
    }

    private <T> void send(
            DataStream<T> stream,
            KafkaTopic topic,
            Delivery delivery,
            String name,
            KafkaRecordSerializationSchema<T> records) {
        KafkaTopic whole = topic.beside(spec.source().kafka());
        String transactions = spec.name() + "-" + name;
        stream.sinkTo(TopicSink.to(whole, delivery, transactions, records))
                .setParallelism(stream.getParallelism())
                .name(name + " to " + topic.topic())
                .uid(name + "-sink");
    }

    /** The part of a job that does not know where its events come from nor where its results go. */
    public Outputs learn(DataStream<Decoded> events) {
        return learn(samples(events, "samples"), null);
    }

    private Outputs learn(
            SingleOutputStreamOperator<Sample> events, @Nullable SingleOutputStreamOperator<Sample> labels) {
        DataStream<Sample> samples = labels == null ? events : events.union(labels);
        Learnt learnt = OnlineLearner.of(learner()).apply(samples.keyBy(Sample::key));
        DataStream<DeadLetter> unreadable = events.getSideOutput(DivertDeadLetters.DEAD_LETTERS);
        if (labels != null) {
            unreadable = unreadable.union(labels.getSideOutput(DivertDeadLetters.DEAD_LETTERS));
        }
        DataStream<Tally> unreadableTally =
                unreadable.map(letter -> Tally.DEAD_LETTER).returns(Tally.class).name("count dead letters");
        return new Outputs(
                learnt.telemetry(unreadableTally, spec.telemetry().span()),
                learnt.predictions(),
                unreadable.union(learnt.deadLetters()),
                learnt.snapshots());
    }

    private LearnerSpec learner() {
        LateLabels labels = spec.labelJoin();
        return new LearnerSpec(
                spec.name(),
                spec.model(),
                reader.problem(),
                spec.execution(),
                Math.toIntExact(
                        Math.min(Integer.MAX_VALUE, spec.telemetry().every().count())),
                snapshots(),
                spec.state().plan(),
                labels == null ? null : labels.join(spec.label()),
                spec.telemetry().keyPlan());
    }

    private @Nullable SnapshotPlan snapshots() {
        if (spec.snapshots() == null) {
            return null;
        }
        Every every = spec.snapshots().every();
        return new SnapshotPlan(
                uri(spec.snapshots().directory()),
                every instanceof Every.Time time ? time.interval() : null,
                every instanceof Every.Events events ? events.count() : 0,
                JobFile.FORMAT.print(spec.shown()));
    }

    /** A directory as Flink wants it: a path becomes a {@code file:} URI. */
    static String uri(String directory) {
        return SCHEME.matcher(directory).lookingAt()
                ? directory
                : Path.of(directory).toAbsolutePath().normalize().toUri().toString();
    }
}
