package io.millrace.jobs.yaml;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What became of reading a file: a spec, or every mistake that was found in it.
 *
 * @param <T> the spec record
 */
public final class Reading<T> {
    private final @Nullable T value;
    private final Draft draft;

    Reading(@Nullable T value, Draft draft) {
        this.value = value;
        this.draft = draft;
    }

    /** In the order of the file; empty if all is well. */
    public List<Mistake> mistakes() {
        return draft.mistakes();
    }

    /**
     * Looks for mistakes that lie between the keys. Does nothing if the file could not be read.
     *
     * @param check is given the spec and whom to tell the path and message of a mistake, which is then placed at
     *     that path, or at the nearest one above it that stands in the file
     */
    public Reading<T> checkedBy(BiConsumer<T, BiConsumer<String, String>> check) {
        if (value != null) {
            check.accept(value, draft::refuse);
        }
        return this;
    }

    /** Completes the spec with what its file does not say. Does nothing if there are mistakes. */
    public Reading<T> completedBy(UnaryOperator<T> completion) {
        return value == null || !mistakes().isEmpty() ? this : new Reading<>(completion.apply(value), draft);
    }

    /**
     * The spec.
     *
     * @throws WrongSpec if there is any mistake
     */
    public T orThrow() {
        if (value == null || !mistakes().isEmpty()) {
            throw new WrongSpec(mistakes());
        }
        return value;
    }
}
