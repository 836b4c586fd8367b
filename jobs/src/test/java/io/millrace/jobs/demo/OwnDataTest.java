package io.millrace.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.event.Feature;
import io.millrace.jobs.spec.JobFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDataTest {
    @TempDir
    Path directory;

    @Test
    void leavesOutWhatNoModelCanBeFed() throws Exception {
        Path file = Files.writeString(directory.resolve("in.jsonl"), """
                {"x": 1, "day": "mon", "tags": ["a"], "shop": {"id": 3}, "y": true}
                {"x": 2, "day": "tue", "tags": null, "shop": {"id": 4}, "y": false}
                """);

        Path job = OwnData.of(file, "y", null).writeJob(directory, "localhost:9092");

        assertThat(JobFile.read(job).orThrow().features())
                .containsExactly(new Feature.Numeric(List.of("x")), new Feature.Categorical("day"));
    }
}
