package io.millrace.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.connectors.kafka.KafkaTopic;
import io.millrace.jobs.demo.Drift;
import io.millrace.jobs.live.About;
import io.millrace.jobs.live.LivePage;
import io.millrace.jobs.live.Tail;
import io.millrace.jobs.run.TelemetryView;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A job's live page, and what it reads from the topics that the job writes. */
final class JobPage implements Consumer<Telemetry>, AutoCloseable {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final int ROWS = 12;
    private static final int LATEST = 2 * ROWS; // of each partition; transactions take offsets, too
    private static final int HISTORY = 2_000;
    private static final int LONGEST_TEXT = 240;

    private final LivePage page;
    private final Consumer<String> notes;
    private final List<Tail> tails = new ArrayList<>();

    private JobPage(LivePage page, Consumer<String> notes) {
        this.page = page;
        this.notes = notes;
    }

    /**
     * Serves the page of a job that has not begun.
     *
     * @param spec without secrets
     * @param planned how many events there will be; null if nobody knows
     * @param drifts when the stream is known to change
     * @param notes is told in sentences what cannot be shown
     */
    static JobPage open(
            InetSocketAddress address, JobSpec spec, @Nullable Long planned, List<Drift> drifts, Consumer<String> notes)
            throws IOException {
        About about = new About(
                spec.name(),
                JobFile.FORMAT.print(spec.shown()),
                planned,
                drifts,
                spec.predictions() == null ? null : spec.predictions().kafka().topic(),
                spec.deadLetters() == null ? null : spec.deadLetters().kafka().topic());
        return new JobPage(LivePage.open(address, about), notes);
    }

    URI uri() {
        return page.uri();
    }

    @Override
    public void accept(Telemetry telemetry) {
        page.accept(telemetry);
    }

    /**
     * Begins to show the predictions and dead letters that a job writes to topics, which must exist.
     *
     * @param job with every reference resolved
     */
    void showRecords(JobSpec job) throws IOException {
        if (job.predictions() != null) {
            show(job, job.predictions().kafka(), page::predictions);
        }
        if (job.deadLetters() != null) {
            show(job, job.deadLetters().kafka(), page::deadLetters);
        }
    }

    /** Begins to show the telemetry that a job writes to a topic: one that runs elsewhere. */
    void showTelemetry(JobSpec job, KafkaTopic topic) {
        follow(
                job,
                topic,
                HISTORY,
                records -> records.forEach(record -> {
                    try {
                        page.add(JSON.readValue(record.value(), TelemetryView.class));
                    } catch (IOException e) {
                        notes.accept("the page leaves out a record of " + topic.topic() + " that is no telemetry");
                    }
                }));
    }

    private void show(JobSpec job, KafkaTopic topic, Consumer<List<ObjectNode>> rows) throws IOException {
        RecordText text = new JobTopic(job, topic.topic()).text();
        Deque<ObjectNode> latest = new ArrayDeque<>();
        follow(job, topic, LATEST, records -> {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                latest.add(row(text.of(record)));
                if (latest.size() > ROWS) {
                    latest.remove();
                }
            }
            rows.accept(List.copyOf(latest));
        });
    }

    private void follow(
            JobSpec job, KafkaTopic topic, int most, Consumer<List<ConsumerRecord<byte[], byte[]>>> reader) {
        Map<String, String> clients = Cluster.of(topic, job.source().kafka()).clientSettings();
        tails.add(new Tail(clients, topic.topic(), most, reader, notes));
    }

    /** A record as a row of a table: long texts are cut. */
    static ObjectNode row(String line) {
        try {
            JsonNode parsed = JSON.readTree(line);
            ObjectNode row = parsed instanceof ObjectNode node
                    ? node
                    : JSON.createObjectNode().set("value", parsed);
            row.properties().forEach(field -> {
                String text = field.getValue().textValue();
                if (text != null && text.length() > LONGEST_TEXT) {
                    field.setValue(TextNode.valueOf(text.substring(0, LONGEST_TEXT) + " …"));
                }
            });
            return row;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record's text is JSON", e);
        }
    }

    /** Tells whoever looks why there will be no more. */
    void end(String how) {
        page.end(how);
    }

    @Override
    public void close() {
        tails.forEach(Tail::close);
        page.close();
    }
}
