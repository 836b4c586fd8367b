package io.millrace.jobs.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** A file holds mistakes; the message lists all of them, one per line. */
public final class WrongSpec extends IllegalArgumentException {
    private final transient List<Mistake> mistakes;

    public WrongSpec(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = List.copyOf(mistakes);
    }

    /** In the order of the file; at least one. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
