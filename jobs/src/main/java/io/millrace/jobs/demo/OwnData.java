package io.millrace.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.event.Format;
import io.millrace.connectors.event.RecordFile;
import io.millrace.models.spec.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A file of one's own, fed as JSON. What its columns are is found by reading it once: a column of numbers is numeric,
 * any other a category, but for lists and objects, which are left out; a label with few distinct values is a class, any
 * other a value.
 */
public final class OwnData implements Material {
    private static final String TOPIC = "events";
    private static final int MOST_CLASSES = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String label;
    private final @Nullable String key;
    private final Map<String, Boolean> numeric = new LinkedHashMap<>(); // by column
    private final Set<String> nested = new HashSet<>(); // columns that hold lists or objects
    private final TreeSet<String> labels = new TreeSet<>();
    private long events;

    private OwnData(Path file, String label, @Nullable String key) {
        this.file = file;
        this.label = label;
        this.key = key;
    }

    /**
     * Reads a file once to see what is in it.
     *
     * @param label the column to predict
     * @param key the column that names the model; null for one model
     * @throws IllegalArgumentException if a column is not there, or the label is of no use
     */
    public static OwnData of(Path file, String label, @Nullable String key) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("--input: there is no readable file " + file);
        }
        OwnData data = new OwnData(file, label, key);
        data.scan();
        data.requireColumn("--label", label);
        if (key != null) {
            data.requireColumn("--key", key);
        }
        if (!data.classes() && !Boolean.TRUE.equals(data.numeric.get(label))) {
            throw new IllegalArgumentException("--label " + label + " is text with more than " + MOST_CLASSES
                    + " different values: neither a class nor a number");
        }
        if (data.labels.size() < 2) {
            throw new IllegalArgumentException("--label " + label + " always has the same value: nothing to learn");
        }
        return data;
    }

    private void scan() throws IOException {
        try (RecordFile records = open()) {
            for (byte[] record = records.next(); record != null; record = records.next()) {
                events++;
                JSON.readTree(record).properties().forEach(field -> {
                    JsonNode value = field.getValue();
                    if (value.isContainerNode()) {
                        nested.add(field.getKey());
                    }
                    boolean number = value.isNumber() || value.isBoolean() || value.isNull();
                    numeric.merge(field.getKey(), number, Boolean::logicalAnd);
                    if (field.getKey().equals(label) && !value.isNull() && labels.size() <= MOST_CLASSES) {
                        labels.add(value.asText());
                    }
                });
            }
        }
    }

    private void requireColumn(String option, String column) {
        if (!numeric.containsKey(column)) {
            throw new IllegalArgumentException(option + " " + column + " is not a column of " + file
                    + Nearest.question(column, numeric.keySet()) + " (columns: " + String.join(", ", numeric.keySet())
                    + ")");
        }
    }

    private boolean classes() {
        return labels.size() <= MOST_CLASSES;
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public List<Drift> drifts() {
        return List.of();
    }

    @Override
    public Iterator<ProducerRecord<byte[], byte[]>> records() throws IOException {
        return new EncodedRecords(open(), TOPIC, key, Long.MAX_VALUE);
    }

    private RecordFile open() throws IOException {
        return RecordFile.open(file, new Format.Json(), Path.of(""), key == null ? Set.of() : Set.of(key));
    }

    @Override
    public Path writeJob(Path directory, String bootstrapServers) throws IOException {
        StringBuilder job = new StringBuilder("# Written by millrace demo for " + file.getFileName() + ".\n");
        job.append("name: own-data\n");
        job.append("source:\n");
        job.append("  kafka: {bootstrap-servers: ")
                .append(quoted(bootstrapServers))
                .append(", topic: ")
                .append(TOPIC);
        job.append("}\n  format: json\n");
        if (key != null) {
            job.append("event: {key: ").append(quoted(key)).append("}\n");
        }
        job.append("label: {field: ").append(quoted(label));
        if (classes()) {
            job.append(", classes: [")
                    .append(String.join(
                            ", ", labels.stream().map(OwnData::quoted).toList()))
                    .append("]");
        }
        job.append("}\nfeatures:\n");
        List<String> numbers = columns(true);
        if (!numbers.isEmpty()) {
            job.append("  - numeric: [").append(String.join(", ", numbers)).append("]\n");
        }
        columns(false)
                .forEach(
                        column -> job.append("  - categorical: ").append(column).append("\n"));
        job.append("checkpoints: {every: 2 s, directory: ")
                .append(quoted(directory + "/checkpoints"))
                .append("}\n");
        job.append("snapshots: {directory: ")
                .append(quoted(directory + "/models"))
                .append(", every: 50000 events}\n");
        job.append("predictions: {kafka: {topic: predictions}}\n");
        job.append("telemetry: {kafka: {topic: telemetry}}\n");
        job.append("dead-letters: {kafka: {topic: dead-letters}}\n");
        return Files.writeString(directory.resolve("job.yaml"), job);
    }

    private List<String> columns(boolean numbers) {
        return numeric.entrySet().stream()
                .filter(column -> column.getValue() == numbers)
                .map(Map.Entry::getKey)
                .filter(column -> !column.equals(label) && !column.equals(key) && !nested.contains(column))
                .map(OwnData::quoted)
                .toList();
    }

    /** A text as YAML and JSON write it. */
    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every text can be written", e);
        }
    }
}
