package io.millrace.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.demo.stream.Generator;
import io.millrace.jobs.demo.stream.Synthetic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A generated stream as JSON, learnt by one model.
 *
 * @param stream which
 * @param events how many
 * @param seed decides on everything that is random
 */
public record Generated(Synthetic stream, long events, long seed) implements Material {
    private static final String TOPIC = "events";
    private static final String LABEL = "class";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public List<Drift> drifts() {
        return stream.start(events, seed).drifts();
    }

    @Override
    public Iterator<ProducerRecord<byte[], byte[]>> records() {
        Generator generator = stream.start(events, seed);
        double[] features = new double[generator.features().size()];
        return LongStream.range(0, events)
                .mapToObj(event -> record(generator, features))
                .iterator();
    }

    private static ProducerRecord<byte[], byte[]> record(Generator generator, double[] features) {
        int label = generator.next(features);
        ObjectNode event = JSON.createObjectNode();
        for (int i = 0; i < features.length; i++) {
            event.put(generator.features().get(i), features[i]);
        }
        event.put(LABEL, label);
        try {
            return new ProducerRecord<>(TOPIC, JSON.writeValueAsBytes(event));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers can always be written", e);
        }
    }

    @Override
    public Path writeJob(Path directory, String bootstrapServers) throws IOException {
        Generator generator = stream.start(events, seed);
        String classes = IntStream.range(0, generator.classes())
                .mapToObj(label -> "\"" + label + "\"")
                .collect(Collectors.joining(", "));
        List<String> numeric = new ArrayList<>(generator.features());
        numeric.removeAll(generator.categories());
        StringBuilder job = new StringBuilder("# Written by millrace demo: " + stream.about() + ".\n");
        job.append("name: ").append(stream.title()).append('\n');
        job.append("source:\n  kafka: {bootstrap-servers: \"").append(bootstrapServers);
        job.append("\", topic: ").append(TOPIC).append("}\n  format: json\n");
        job.append("label: {field: ")
                .append(LABEL)
                .append(", classes: [")
                .append(classes)
                .append("]}\n");
        job.append("features:\n");
        job.append("  - numeric: [").append(String.join(", ", numeric)).append("]\n");
        for (String category : generator.categories()) {
            job.append("  - categorical: {field: ").append(category).append(", buckets: 64}\n");
        }
        job.append("checkpoints: {every: 2 s, directory: \"").append(directory).append("/checkpoints\"}\n");
        job.append("snapshots: {directory: \"").append(directory).append("/models\", every: 50000 events}\n");
        job.append("predictions: {kafka: {topic: predictions}}\n");
        job.append("telemetry: {kafka: {topic: telemetry}}\n");
        job.append("dead-letters: {kafka: {topic: dead-letters}}\n");
        return Files.writeString(directory.resolve("job.yaml"), job);
    }
}
