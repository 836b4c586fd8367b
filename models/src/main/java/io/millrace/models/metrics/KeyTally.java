package io.millrace.models.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * How the predictions of one key did since it was first watched by {@link BusiestKeys}.
 *
 * @param key of the model
 * @param count of its scored events at most, those before it was watched included; never falls
 * @param missed the most of them that can have come before it was watched
 * @param overall sums over its events since then; without the bins of a ranking, which would be most of them
 * @param rising the same sums, each event with a greater weight than the one before
 * @param weight of the newest event in them
 */
public record KeyTally(String key, long count, long missed, Sums overall, Sums rising, double weight) {
    static final KeyTally[] NONE = {};

    private static final Comparator<KeyTally> BUSIEST_FIRST =
            Comparator.comparingLong(KeyTally::count).reversed().thenComparing(KeyTally::key);

    /** Sums that fade by half every so many events of the key. */
    public Sums faded() {
        return rising.times(1 / weight);
    }

    /** True if at least half of its events are surely known: what came early is no longer what most depends on. */
    boolean isKnown() {
        return 2 * missed <= count;
    }

    /** Those with the most events, the busiest first. */
    static KeyTally[] busiest(KeyTally[] tallies, int most) {
        KeyTally[] sorted = tallies.clone();
        Arrays.sort(sorted, BUSIEST_FIRST);
        return sorted.length > most ? Arrays.copyOf(sorted, most) : sorted;
    }

    /** All keys of both, each with the later of its tallies, as counts never fall. */
    static KeyTally[] latest(KeyTally[] some, KeyTally[] others) {
        if (some.length == 0 || others.length == 0) {
            return some.length == 0 ? others : some;
        }
        Map<String, KeyTally> latest = new HashMap<>();
        for (KeyTally[] tallies : new KeyTally[][] {some, others}) {
            for (KeyTally tally : tallies) {
                latest.merge(tally.key, tally, (one, other) -> one.count >= other.count ? one : other);
            }
        }
        return latest.values().toArray(NONE);
    }
}
