package io.millrace.jobs.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.metrics.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

class JavaApiTest {
    @Test
    void learnsWhatItShows() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);

        List<Scores> scores = JavaApi.run(flink, new DiscardingSink<>()).executeAndCollect(10_000);

        Scores last = scores.get(scores.size() - 1);
        assertThat(last.events()).isEqualTo(100_000);
        assertThat(last.accuracy()).isGreaterThan(0.9);
    }

    @Test
    void standsInTheDocumentationAsItIsCompiled() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/millrace/jobs/example/JavaApi.java"));
        String shown = source.substring(
                        source.indexOf("// readme: begin") + "// readme: begin\n".length(),
                        source.indexOf("        // readme: end"))
                .indent(-8);

        assertThat(Files.readString(Path.of("../README.md"))).contains(shown);
        assertThat(Files.readString(Path.of("../docs/java-api.md"))).contains(shown);
    }
}
