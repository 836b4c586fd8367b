package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.ArrayList;
import java.util.List;

/** A stream cut into stretches of equal length, at each of which what there is to learn changes at once. */
final class Concepts {
    private final long events;
    private final List<String> names;
    private long next;

    /**
     * @param events in all stretches together
     * @param names what is new in each
     */
    Concepts(long events, List<String> names) {
        this.events = events;
        this.names = names;
    }

    /** The stretch of the next event; the last goes on for ever. */
    int next() {
        int concept = 0;
        while (concept + 1 < names.size() && next >= start(concept + 1)) {
            concept++;
        }
        next++;
        return concept;
    }

    private long start(int concept) {
        return events / names.size() * concept;
    }

    List<Drift> drifts() {
        List<Drift> drifts = new ArrayList<>();
        for (int concept = 1; concept < names.size(); concept++) {
            drifts.add(new Drift(names.get(concept), start(concept), start(concept)));
        }
        return drifts;
    }
}
