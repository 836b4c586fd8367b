package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.program.Layout;
import io.millrace.models.snapshot.Snapshot;
import io.millrace.operators.RefusedSteps.ResetTo;
import io.millrace.state.SnapshotWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.util.function.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots in a file system that only Flink knows, as an object store is. */
class SnapshotsElsewhereTest {
    private static ThrowingConsumer<Path, IOException> meanwhile = path -> {}; // done before a directory is listed

    @TempDir
    Path directory;

    @AfterEach
    void nothingMore() {
        meanwhile = path -> {};
    }

    /** Local files under another scheme; found by Flink through META-INF/services. */
    public static final class Elsewhere implements FileSystemFactory {
        @Override
        public String getScheme() {
            return "elsewhere";
        }

        @Override
        public FileSystem create(URI uri) {
            return new LocalFileSystem() {
                @Override
                public URI getUri() {
                    return URI.create("elsewhere:///");
                }

                @Override
                public FileStatus[] listStatus(org.apache.flink.core.fs.Path path) throws IOException {
                    meanwhile.accept(Path.of(path.getPath()));
                    return super.listStatus(path);
                }
            };
        }
    }

    private LearnerSpec spec(@Nullable RefusedSteps refused) {
        SnapshotPlan snapshots = new SnapshotPlan("elsewhere://" + directory, null, 1, "");
        StatePlan state = new StatePlan(1 << 20, null, null, null, refused);
        return new LearnerSpec("job", Learner.MODEL, Learner.PROBLEM, Execution.AUTO, 1000, snapshots, state);
    }

    @Test
    void areTaken() throws Exception {
        try (Learner learner = Learner.open(spec(new RefusedSteps(3, ResetTo.INITIAL)))) {
            learner.feed(Learner.samples(20, 7));
            learner.checkpoint(1);
            learner.notifyOfCompletedCheckpoint(1);

            assertThat(learner.side(OnlineLearner.SNAPSHOTS))
                    .singleElement()
                    .satisfies(taken -> assertThat(taken.directory()).startsWith("elsewhere:/"));
            Path newest = Snapshot.newest(directory).orElseThrow();
            assertThat(Snapshot.open(newest).manifest().models()).isEqualTo(7);
        }
    }

    @Test
    void mayBeCompletedWhileAnotherSubtaskLooksAtThem() throws Exception {
        Layout layout = Learner.MODEL.compile(Learner.PROBLEM).layout();
        SnapshotWriter writer = new SnapshotWriter("elsewhere://" + directory, "job", layout, "");
        writer.writePart(1, 1000, 0, List.of("key"), key -> layout.initialRow());
        assertThat(writer.begun(2)).isTrue();

        meanwhile = path -> {
            if (!path.equals(directory)) {
                Files.move(path, directory.resolve("completed"));
            }
        };
        assertThat(writer.begun(2)).isFalse();
    }

    @Test
    void areRefusedByNameWhereModelsAreResetToThem() {
        assertThatThrownBy(() -> spec(new RefusedSteps(3, ResetTo.SNAPSHOT)))
                .hasMessage("resetTo=snapshot needs snapshots that can be read as files: elsewhere://" + directory
                        + " must be a path or a file: URI");
    }

    @Test
    void pathsMayHoldAnyLetter() {
        assertThat(Saved.path("/models/a [1] 50%")).isEqualTo(Path.of("/models/a [1] 50%"));
        assertThat(Saved.path(Path.of("/models/a [1] 50%").toUri().toString())).isEqualTo(Path.of("/models/a [1] 50%"));
        assertThatThrownBy(() -> Saved.path("file:/models/a [1]"))
                .hasMessage("file:/models/a [1] must be a path or a file: URI");
    }
}
