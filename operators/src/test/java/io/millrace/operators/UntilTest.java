package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class UntilTest {
    private final List<String> done = new ArrayList<>();

    private Until<String> until(FutureTask<String> task) {
        return new Until<>(task, () -> done.add("left"));
    }

    @Test
    void tellsAfterTheTask() throws Exception {
        Until<String> until = until(new FutureTask<>(() -> done.add("task"), "result"));

        until.run();
        until.run();

        assertThat(done).containsExactly("task", "left");
        assertThat(until.get()).isEqualTo("result");
    }

    @Test
    void tellsOfATaskThatFailed() {
        Until<String> until = until(new FutureTask<>(() -> {
            throw new IOException("disk full");
        }));

        until.run();

        assertThat(done).containsExactly("left");
        assertThatThrownBy(until::get).hasRootCauseMessage("disk full");
    }

    @Test
    void tellsOfATaskWhoseTurnNeverComes() {
        Until<String> until = until(new FutureTask<>(() -> done.add("task"), "result"));

        until.cancel(true);
        until.run();

        assertThat(done).containsExactly("left");
        assertThat(until.isCancelled()).isTrue();
    }

    @Test
    void tellsNothingWhileACancelledTaskStillRuns() {
        List<Until<String>> itself = new ArrayList<>();
        itself.add(until(new FutureTask<>(
                () -> {
                    itself.get(0).cancel(false);
                    done.add("task");
                },
                "result")));

        itself.get(0).run();

        assertThat(done).containsExactly("task", "left");
    }
}
