package io.millrace.models.metrics;

import io.millrace.models.Target;
import io.millrace.models.metrics.Sums.Place;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores one by one the keys that have the most scored events, in bounded room whatever the number of keys. Belongs to
 * one thread; allocates nothing for a key that is watched already.
 *
 * <p>Events are taken in together, a few at a time: each alone would find that the rows of models have driven all of this out
 * of the processor's caches since the last one.
 *
 * <p>Watches several times as many keys as are asked for. A new key takes the place of the one with the fewest events,
 * and inherits its count, as it may have had so many itself, unseen. So a key that has more than the mean number of events per
 * watched key is watched for sure, and no key's count is wrong by more than that.
 *
 * @see "A. Metwally, D. Agrawal, A. El Abbadi, Efficient Computation of Frequent and Top-k Elements in Data Streams, 2005
 *     (Space-Saving)"
 */
public final class BusiestKeys {
    /** How many keys are watched for each that is asked for. */
    static final int WATCHED = 20;

    /** The most sums that are kept, unless that is too few for the keys that are asked for. */
    static final int MOST_SUMS = 1 << 20;

    private static final int TOGETHER = 64; // events

    private static final double TOO_HEAVY = 0x1p32; // a power of two, so that nothing is rounded

    private final int keys;
    private final int classes;
    private final Place place;
    private final double growth; // of the weight, from one event of a key to the next
    private final Map<String, Watched> byKey;
    private final Watched[] heap; // the key with the fewest events first
    private int size;
    private long floor; // no key that is not watched has had more events
    private final String[] waitingKeys = new String[TOGETHER];
    private final Verdict[] waiting = new Verdict[TOGETHER]; // on events that were not taken in yet
    private int waits;

    private static final class Watched {
        String key = "";
        int at; // in the heap
        long count;
        long missed;
        double weight = 1;
        final double[] overall;
        final double[] rising;

        Watched(int sums) {
            overall = new double[sums];
            rising = new double[sums];
        }
    }

    /**
     * Watches no key yet.
     *
     * @param keys that are asked for; 0 watches none
     * @param halfLife events of a key after which one of its events counts half in faded scores
     */
    public BusiestKeys(Target target, int keys, long halfLife) {
        this.keys = keys;
        classes = target.classes().size();
        place = Place.unranked(classes);
        growth = Math.pow(2, 1.0 / halfLife);
        heap = new Watched[Math.max(keys, (int) Math.min((long) WATCHED * keys, MOST_SUMS / (2 * place.length)))];
        byKey = new HashMap<>(2 * heap.length);
    }

    void add(String key, Verdict verdict) {
        if (heap.length == 0) {
            return;
        }
        if (waiting[waits] == null) {
            waiting[waits] = verdict.blank();
        }
        waitingKeys[waits] = key;
        waiting[waits++].keep(verdict);
        if (waits == TOGETHER) {
            takeIn();
        }
    }

    private void takeIn() {
        for (int i = 0; i < waits; i++) {
            takeIn(waitingKeys[i], waiting[i]);
        }
        waits = 0;
    }

    private void takeIn(String key, Verdict verdict) {
        Watched watched = byKey.get(key);
        if (watched == null) {
            watched = watch(key);
        }
        watched.count++;
        verdict.addTo(watched.overall, place, 1);
        watched.weight *= growth;
        verdict.addTo(watched.rising, place, watched.weight);
        if (watched.weight >= TOO_HEAVY) {
            lighten(watched);
        }
        down(watched);
    }

    private static void lighten(Watched watched) {
        watched.weight /= TOO_HEAVY;
        for (int i = 0; i < watched.rising.length; i++) {
            watched.rising[i] /= TOO_HEAVY;
        }
    }

    private Watched watch(String key) {
        Watched watched;
        if (size < heap.length) {
            watched = new Watched(place.length);
            watched.at = size++;
            watched.count = floor;
        } else {
            watched = heap[0];
            byKey.remove(watched.key);
            watched.count = Math.max(floor, watched.count);
            watched.weight = 1;
            Arrays.fill(watched.overall, 0);
            Arrays.fill(watched.rising, 0);
        }
        watched.key = key;
        watched.missed = watched.count;
        byKey.put(key, watched);
        up(watched);
        return watched;
    }

    private void up(Watched watched) {
        int at = watched.at;
        while (at > 0 && heap[(at - 1) / 2].count > watched.count) {
            put(heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        put(watched, at);
    }

    private void down(Watched watched) {
        int at = watched.at;
        int child = 2 * at + 1;
        while (child < size) {
            if (child + 1 < size && heap[child + 1].count < heap[child].count) {
                child++;
            }
            if (heap[child].count >= watched.count) {
                break;
            }
            put(heap[child], at);
            at = child;
            child = 2 * at + 1;
        }
        put(watched, at);
    }

    private void put(Watched watched, int at) {
        heap[at] = watched;
        watched.at = at;
    }

    /** The busiest keys at least half of whose events are known, as many as were asked for at most, the busiest first. */
    public KeyTally[] busiest() {
        KeyTally[] known = Arrays.stream(watched()).filter(KeyTally::isKnown).toArray(KeyTally[]::new);
        return KeyTally.busiest(known, keys);
    }

    /** All keys that are watched, to be given to {@link #remember} after a restart. */
    public KeyTally[] watched() {
        takeIn();
        KeyTally[] tallies = new KeyTally[size];
        for (int i = 0; i < size; i++) {
            Watched each = heap[i];
            tallies[i] = new KeyTally(
                    each.key,
                    each.count,
                    each.missed,
                    new Sums(classes, each.overall.clone()),
                    new Sums(classes, each.rising.clone()),
                    each.weight);
        }
        return tallies;
    }

    /** The most events that a key can have had that is not watched. */
    public long floor() {
        takeIn();
        return size == 0 || size < heap.length ? floor : Math.max(floor, heap[0].count);
    }

    /**
     * Continues after a restart, before anything is added.
     *
     * @param tallies of keys that were watched then; those with the fewest events are forgotten if there are too many,
     *     and all that predicted something else
     * @param floor the most events that any other key can have had
     */
    public void remember(List<KeyTally> tallies, long floor) {
        this.floor = floor;
        KeyTally[] kept = tallies.stream()
                .filter(tally -> tally.overall().values().length == place.length)
                .toArray(KeyTally[]::new);
        if (kept.length > heap.length) {
            kept = KeyTally.busiest(kept, heap.length + 1);
            this.floor = Math.max(floor, kept[heap.length].count());
            kept = Arrays.copyOf(kept, heap.length);
        }
        size = kept.length;
        for (int i = 0; i < size; i++) {
            put(watched(kept[i]), i);
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(heap[i]);
        }
    }

    private Watched watched(KeyTally tally) {
        Watched watched = new Watched(place.length);
        watched.key = tally.key();
        watched.count = tally.count();
        watched.missed = tally.missed();
        watched.weight = tally.weight();
        System.arraycopy(tally.overall().values(), 0, watched.overall, 0, place.length);
        System.arraycopy(tally.rising().values(), 0, watched.rising, 0, place.length);
        byKey.put(watched.key, watched);
        return watched;
    }
}
