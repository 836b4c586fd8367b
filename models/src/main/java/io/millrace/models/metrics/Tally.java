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
 * @param scored predictions whose label is known; everything below is over these
 * @param confusion [classes * classes], counts at {@code label * classes + chosen}, where a soft label counts as
 *     its most probable class; [0] when a value is predicted
 * @param logLoss sum of -ln(probability of the label's class), in nats, or its expectation under a soft label;
 *     probabilities below 1e-15 count as 1e-15
 * @param noChangeRight how often the key's previous label was right again; a key's first label counts as wrong
 * @param absoluteError sum of |prediction - label|, for values
 * @param squaredError sum of (prediction - label)^2
 * @param labels sum of the labels
 * @param labelSquares sum of their squares
 * @param noChangeAbsoluteError sum of |previous label - label|; a key's first label is compared with 0
 * @param noChangeSquaredError sum of (previous label - label)^2
 * @param latency from an event's timestamp to its prediction, milliseconds, as an encoded HdrHistogram; [0] if empty
 * @param joins how labels that come later met their events
 */
public record Tally(
        long predictions,
        long updates,
        long deadLetters,
        long models,
        long scored,
        long[] confusion,
        double logLoss,
        long noChangeRight,
        double absoluteError,
        double squaredError,
        double labels,
        double labelSquares,
        double noChangeAbsoluteError,
        double noChangeSquaredError,
        byte[] latency,
        Joins joins) {

    /** Nothing happened yet. */
    public static final Tally NONE =
            new Tally(0, 0, 0, 0, 0, new long[0], 0, 0, 0, 0, 0, 0, 0, 0, new byte[0], Joins.NONE);

    /** One event that could not be read. */
    public static final Tally DEAD_LETTER =
            new Tally(0, 0, 1, 0, 0, new long[0], 0, 0, 0, 0, 0, 0, 0, 0, new byte[0], Joins.NONE);

    /** Both stretches together. */
    public Tally plus(Tally other) {
        return new Tally(
                predictions + other.predictions,
                updates + other.updates,
                deadLetters + other.deadLetters,
                models + other.models,
                scored + other.scored,
                sum(confusion, other.confusion),
                logLoss + other.logLoss,
                noChangeRight + other.noChangeRight,
                absoluteError + other.absoluteError,
                squaredError + other.squaredError,
                labels + other.labels,
                labelSquares + other.labelSquares,
                noChangeAbsoluteError + other.noChangeAbsoluteError,
                noChangeSquaredError + other.noChangeSquaredError,
                merged(latency, other.latency),
                joins.plus(other.joins));
    }

    /** The latency below which the given percentage of the predictions lie, milliseconds; NaN without predictions. */
    public double latencyMillis(double percentile) {
        return percentile(latency, percentile);
    }

    static double percentile(byte[] encoded, double percentile) {
        return encoded.length == 0 ? Double.NaN : histogram(encoded).getValueAtPercentile(percentile);
    }

    private static long[] sum(long[] one, long[] other) {
        if (one.length == 0) {
            return other;
        }
        long[] sum = one.clone();
        for (int i = 0; i < other.length; i++) {
            sum[i] += other[i];
        }
        return sum;
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
