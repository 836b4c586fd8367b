package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JobGraphTest {
    @Test
    void everyPathIsADirectory() {
        for (String path : new String[] {"models", "my models", "models[1]", "50%", "{a}", "a^b|c", "mod\u00e8les"}) {
            assertThat(JobGraph.uri(path))
                    .isEqualTo(Path.of(path).toAbsolutePath().toUri().toString());
        }
    }

    @Test
    void uRIsStayWhatTheyAre() {
        for (String uri : new String[] {"file:///models", "s3://bucket/models", "hdfs:///a b"}) {
            assertThat(JobGraph.uri(uri)).isEqualTo(uri);
        }
    }
}
