package io.millrace.tests.bench.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the task threads were doing, by the innermost frame of their stacks that says so. One recording for the whole
 * process, from its beginning: a recording that began during a run left compiled code to the interpreter again and again,
 * which made the learner's task three times slower.
 */
final class Sampling implements AutoCloseable {
    private static final String SAMPLE = "jdk.ExecutionSample";
    private static final Map<String, String> PURPOSES = new LinkedHashMap<>();

    static {
        PURPOSES.put("io.millrace.connectors.event", "decode");
        PURPOSES.put("io.millrace.tests.bench.pipeline.PlainPipe$Decode", "decode");
        PURPOSES.put("io.millrace.tests.bench.pipeline.PlainPipe$Encode", "encode");
        PURPOSES.put("io.millrace.connectors.output", "encode");
        PURPOSES.put("io.millrace.tests.bench.pipeline.GenericRecords", "serialize for keyBy");
        PURPOSES.put("io.millrace.state.records.SampleSerializer", "serialize for keyBy");
        PURPOSES.put("io.millrace.models.jvm", "predict and learn");
        PURPOSES.put("io.millrace.models.metrics", "telemetry");
        PURPOSES.put("org.apache.flink.runtime.state", "keyed state");
        PURPOSES.put("org.apache.kafka.clients.producer", "Kafka producer");
        PURPOSES.put("org.apache.kafka.clients.consumer", "Kafka consumer");
        PURPOSES.put("org.apache.flink.runtime.io.network", "network stack");
    }

    private final Recording recording = new Recording();

    Sampling() {
        recording.enable(SAMPLE).withPeriod(Duration.ofMillis(10));
        recording.start();
    }

    /**
     * Shares of each purpose within a task's samples, by {@link Threads#READ} or {@link Threads#WORK}, then purpose.
     *
     * @param from when the samples begin that count
     */
    Map<String, Map<String, Double>> shares(Instant from) throws IOException {
        Path file = Files.createTempFile("millrace-bench", ".jfr");
        try {
            recording.dump(file);
            Map<String, Map<String, Double>> samples = new TreeMap<>();
            try (RecordingFile recorded = new RecordingFile(file)) { // one at a time: all of them fill gigabytes
                while (recorded.hasMoreEvents()) {
                    RecordedEvent sample = recorded.readEvent();
                    if (sample.getStartTime().isAfter(from)) {
                        count(sample, samples);
                    }
                }
            }
            for (Map<String, Double> task : samples.values()) {
                double all = task.values().stream().mapToDouble(each -> each).sum();
                task.replaceAll((purpose, count) -> count / all);
            }
            return samples;
        } finally {
            Files.delete(file);
        }
    }

    private static void count(RecordedEvent sample, Map<String, Map<String, Double>> samples) {
        if (!sample.getEventType().getName().equals(SAMPLE) // someone else may record more
                || sample.getThread("sampledThread") == null
                || sample.getStackTrace() == null) {
            return;
        }
        String name = sample.getThread("sampledThread").getJavaName();
        String role = name == null ? "" : Threads.role(name);
        if (role.equals(Threads.READ) || role.equals(Threads.WORK)) {
            samples.computeIfAbsent(role, task -> new TreeMap<>()).merge(purpose(sample), 1.0, Double::sum);
        }
    }

    private static String purpose(RecordedEvent sample) {
        for (RecordedFrame frame : sample.getStackTrace().getFrames()) {
            String type = frame.getMethod().getType().getName();
            for (Map.Entry<String, String> purpose : PURPOSES.entrySet()) {
                if (type.startsWith(purpose.getKey())) {
                    return purpose.getValue();
                }
            }
        }
        return "Flink, the rest";
    }

    @Override
    public void close() {
        recording.close();
    }
}
