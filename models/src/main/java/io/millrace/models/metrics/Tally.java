package io.millrace.models.metrics;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What happened to a stretch of events: plain sums, so tallies of several streams or stretches merge in any order.
 * Arrays are never written to after the tally was made.
 *
 * @param predictions emitted
 * @param updates taken by models
 * @param deadLetters events that could not be read or learnt
 * @param models that came into being, by their first update
 * @param drifts how often a model's errors were found to have risen
 * @param expired models that were forgotten because their keys were silent
 * @param resets of models that refused one step after the other
 * @param sums over the predictions whose label is known
 * @param latency from an event's timestamp to its prediction, milliseconds, as an encoded HdrHistogram; [0] if empty
 * @param joins how labels that come later met their events
 * @param keys the busiest keys and how they did, not in this stretch but so far; [0] if it brings no news of keys
 */
public record Tally(
        long predictions,
        long updates,
        long deadLetters,
        long models,
        long drifts,
        long expired,
        long resets,
        Sums sums,
        byte[] latency,
        Joins joins,
        KeyTally[] keys) {

    /** Nothing happened yet. */
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, Sums.NONE, new byte[0], Joins.NONE, KeyTally.NONE);

    /** One event that could not be read. */
    public static final Tally DEAD_LETTER =
            new Tally(0, 0, 1, 0, 0, 0, 0, Sums.NONE, new byte[0], Joins.NONE, KeyTally.NONE);

    public Tally {
        keys = keys == null ? KeyTally.NONE : keys; // as in state of before there were any
    }

    /** Both stretches together, with all keys of both. */
    public Tally plus(Tally other) {
        return new Tally(
                predictions + other.predictions,
                updates + other.updates,
                deadLetters + other.deadLetters,
                models + other.models,
                drifts + other.drifts,
                expired + other.expired,
                resets + other.resets,
                sums.plus(other.sums),
                merged(latency, other.latency),
                joins.plus(other.joins),
                KeyTally.latest(keys, other.keys));
    }

    /** The same with other keys. */
    public Tally with(KeyTally[] keys) {
        return with(sums, keys);
    }

    /** The same for who saved it, see {@link Sums#restored}. */
    public Tally restored() {
        return with(sums.restored(), keys);
    }

    private Tally with(Sums sums, KeyTally[] keys) {
        return new Tally(
                predictions, updates, deadLetters, models, drifts, expired, resets, sums, latency, joins, keys);
    }

    /** The same with so many keys at most, the busiest first. */
    public Tally withBusiest(int most) {
        return with(KeyTally.busiest(keys, most));
    }

    /** How many predictions were compared with their label. */
    public long scored() {
        return (long) sums.scored();
    }

    /** The latency below which the given percentage of the predictions lie, milliseconds; NaN without predictions. */
    public double latencyMillis(double percentile) {
        return percentile(latency, percentile);
    }

    static double percentile(byte[] encoded, double percentile) {
        return encoded.length == 0 ? Double.NaN : histogram(encoded).getValueAtPercentile(percentile);
    }

    static byte[] merged(byte[] one, byte[] other) {
        if (one.length == 0) {
            return other;
        }
        if (other.length == 0) {
            return one;
        }
        Histogram histogram = histogram(one);
        histogram.add(histogram(other));
        return encoded(histogram);
    }

    static byte[] encoded(Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        histogram.encodeIntoCompressedByteBuffer(bytes);
        byte[] written = new byte[bytes.position()];
        bytes.flip().get(written);
        return written;
    }

    private static Histogram histogram(byte[] encoded) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("these bytes are not an encoded histogram", e);
        }
    }
}
