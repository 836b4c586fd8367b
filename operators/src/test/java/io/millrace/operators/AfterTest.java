package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class AfterTest {
    private final List<String> done = new ArrayList<>();
    private final FutureTask<String> task = new FutureTask<>(() -> done.add("task"), "result");

    @Test
    void runsTheTaskSecond() throws Exception {
        After<String> after = new After<>(
                () -> {
                    done.add("first");
                    return null;
                },
                task);

        after.run();

        assertThat(done).containsExactly("first", "task");
        assertThat(after.get()).isEqualTo("result");
    }

    @Test
    void cancelsTheTaskIfWhatComesFirstFails() {
        After<String> after = new After<>(
                () -> {
                    throw new IOException("disk full");
                },
                task);

        after.run();

        assertThatThrownBy(after::get).hasRootCauseMessage("disk full");
        assertThat(task).isCancelled();
        assertThat(done).isEmpty();
    }

    @Test
    void cancelsTheTaskWhoseTurnNeverComes() {
        new After<>(() -> null, task).cancel(true);

        assertThat(task).isCancelled();
    }
}
