package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import org.junit.jupiter.api.Test;

class AfterTest {
    private final List<String> done = new ArrayList<>();
    private final FutureTask<String> task = new FutureTask<>(() -> done.add("task"), "result");

    private RunnableFuture<Void> part(Callable<Void> write) {
        return new Until<>(new FutureTask<>(write), () -> done.add("released"));
    }

    @Test
    void runsTheTaskSecond() throws Exception {
        RunnableFuture<Void> part = part(() -> {
            done.add("part");
            return null;
        });
        After<String> after = new After<>(part, task);

        after.run();

        assertThat(done).containsExactly("part", "released", "task");
        assertThat(after.get()).isEqualTo("result");
    }

    @Test
    void cancelsTheTaskIfThePartFails() {
        RunnableFuture<Void> part = part(() -> {
            throw new IOException("disk full");
        });
        After<String> after = new After<>(part, task);

        after.run();

        assertThatThrownBy(after::get).hasRootCauseMessage("disk full");
        assertThat(task).isCancelled();
        assertThat(done).containsExactly("released");
    }

    @Test
    void cancelsTheTaskWhoseTurnNeverComes() {
        After<String> after = new After<>(part(() -> null), task);

        after.cancel(true);
        after.run();

        assertThat(task).isCancelled();
        assertThat(done).containsExactly("released");
    }

    @Test
    void releasesNothingUnderAPartThatIsBeingWritten() {
        List<After<String>> itself = new ArrayList<>();
        itself.add(new After<>(
                part(() -> {
                    itself.get(0).cancel(true);
                    done.add(Thread.interrupted() ? "interrupted" : "not interrupted");
                    return null;
                }),
                task));

        itself.get(0).run();

        assertThat(task).isCancelled();
        assertThat(done).containsExactly("interrupted", "released");
    }
}
