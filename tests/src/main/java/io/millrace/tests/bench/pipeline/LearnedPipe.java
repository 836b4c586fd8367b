package io.millrace.tests.bench.pipeline;

import io.millrace.connectors.kafka.Delivery;
import io.millrace.connectors.output.PredictionFormat;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.spec.JobFile;
import io.millrace.models.Target;
import io.millrace.models.spec.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Our job: the net 32-64(ReLU, LayerNorm)-1 with Adam, one per key, on the {@code jvm} executor. */
record LearnedPipe(Delivery delivery, Path directory) implements Pipe {
    @Override
    public String name() {
        return "millrace, " + Settings.term(delivery).replace('-', ' ');
    }

    @Override
    public void assemble(StreamExecutionEnvironment environment, String servers, String from, String to)
            throws IOException {
        Files.writeString(directory.resolve("event.avsc"), Events.SCHEMA.toString());
        Path job = Files.writeString(
                directory.resolve("job.yaml"),
                String.format(Locale.ROOT, """
                name: %s
                source:
                  kafka: {bootstrap-servers: "%s", topic: %s}
                  format: {avro: {schema: event.avsc}}
                event: {id: id, key: key, time: time}
                label: {field: label, kind: regression}
                model:
                  layers: [{dense: %d}, relu, layer-norm]
                  optimizer: {adam: 0.003}
                executor: jvm
                predictions: {kafka: {topic: %s}, format: avro, delivery: %s}
                """, to, servers, from, 2 * Events.FEATURES, to, Settings.term(delivery)));
        new JobGraph(JobFile.read(job).orThrow()).fromKafkaToKafka(environment);
    }

    @Override
    public Schema answers() {
        return new Schema.Parser().parse(PredictionFormat.schema(new Target.Value()));
    }
}
