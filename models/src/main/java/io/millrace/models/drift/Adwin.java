package io.millrace.models.drift;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Adaptive windowing: the window drops its oldest values while any split of it has means that differ beyond chance.
 *
 * <p>The window is kept as an exponential histogram: up to {@code buckets} buckets of 1 value, of 2 values, of 4, and so
 * on for {@code levels} levels; then it forgets its oldest bucket. A fall of the mean shortens the window like a rise,
 * but is no alarm.
 *
 * @see "A. Bifet, R. Gavalda, Learning from Time-Changing Data with Adaptive Windowing, 2007, section 3: the bound with
 *     the variance, and delta' = delta / ln n"
 */
@Term(value = "adwin", about = "Means of all parts of a window that grows while nothing changes.")
public record Adwin(
        @Setting(value = "Probability of an alarm without drift.", byDefault = "0.002", above = 0, below = 1)
        double delta,

        @Setting(value = "Values from one look for drift to the next.", byDefault = "32", atLeast = 1, atMost = 1e6)
        int every,

        @Setting(value = "Buckets of each size.", byDefault = "5", atLeast = 2, atMost = 1000)
        int buckets,

        @Setting(
                value = "Sizes of buckets: the window holds at most buckets * (2^levels - 1) values.",
                byDefault = "12",
                atLeast = 1,
                atMost = 40)
        int levels)
        implements Detector {
    private static final int SINCE_LOOK = 0;
    private static final int LEVELS = 1; // each its number of buckets, then the buckets, oldest first
    private static final int SQUARES = Doubles.FLOATS; // behind the sum of a bucket's values
    private static final int BUCKET = 2 * Doubles.FLOATS;

    public Adwin {
        Settings.check(Adwin.class, delta, every, buckets, levels);
    }

    @Override
    public int floats() {
        return LEVELS + levels * levelFloats();
    }

    private int levelFloats() {
        return 1 + buckets * BUCKET;
    }

    @Override
    public Sentinel sentinel(int at) {
        return new Histogram(at);
    }

    private final class Histogram implements Sentinel {
        private final int at;
        private double events; // in the window, as of the last look
        private double sum;
        private double squares;

        Histogram(int at) {
            this.at = at;
        }

        @Override
        public boolean update(float[] row, double value) {
            insert(row, value);
            if (++row[at + SINCE_LOOK] < every) {
                return false;
            }
            row[at + SINCE_LOOK] = 0;
            boolean risen = false;
            while (true) {
                addUp(row);
                double change = change(row);
                if (change == 0) {
                    return risen;
                }
                risen |= change > 0;
                dropOldest(row);
            }
        }

        private int level(int level) {
            return at + LEVELS + level * levelFloats();
        }

        private static int bucket(int level, int bucket) {
            return level + 1 + bucket * BUCKET;
        }

        /** Adds a value as a bucket; two of a full level become one of the next. */
        private void insert(float[] row, double value) {
            double newSum = value;
            double newSquares = value * value;
            for (int n = 0; n < levels; n++) {
                int level = level(n);
                if (row[level] < buckets) {
                    append(row, level, newSum, newSquares);
                    return;
                }
                int oldest = bucket(level, 0);
                int next = bucket(level, 1);
                double carriedSum = Doubles.get(row, oldest) + Doubles.get(row, next);
                double carriedSquares = Doubles.get(row, oldest + SQUARES) + Doubles.get(row, next + SQUARES);
                remove(row, level, n == levels - 1 ? 1 : 2);
                append(row, level, newSum, newSquares);
                newSum = carriedSum;
                newSquares = carriedSquares;
            }
        }

        private void append(float[] row, int level, double newSum, double newSquares) {
            int bucket = bucket(level, (int) row[level]++);
            Doubles.put(row, bucket, newSum);
            Doubles.put(row, bucket + SQUARES, newSquares);
        }

        /** Removes the oldest buckets of a level. */
        private void remove(float[] row, int level, int count) {
            row[level] -= count;
            int from = bucket(level, count);
            System.arraycopy(row, from, row, bucket(level, 0), ((int) row[level]) * BUCKET);
        }

        private void dropOldest(float[] row) {
            int n = levels - 1;
            while (row[level(n)] == 0) {
                n--;
            }
            remove(row, level(n), 1);
        }

        private void addUp(float[] row) {
            events = sum = squares = 0;
            for (int n = levels - 1; n >= 0; n--) {
                int level = level(n);
                events += row[level] * (1L << n);
                for (int b = 0; b < row[level]; b++) {
                    sum += Doubles.get(row, bucket(level, b));
                    squares += Doubles.get(row, bucket(level, b) + SQUARES);
                }
            }
        }

        /** By how much the mean changes at the oldest split where it changes beyond chance; 0 if it does nowhere. */
        private double change(float[] row) {
            double mean = sum / events;
            double variance = Math.max(0, squares / events - mean * mean);
            double surprise = Math.log(2 * Math.log(events) / delta);
            double older = 0;
            double olderSum = 0;
            for (int n = levels - 1; n >= 0; n--) {
                int level = level(n);
                for (int b = 0; b < row[level]; b++) {
                    older += 1L << n;
                    olderSum += Doubles.get(row, bucket(level, b));
                    double newer = events - older;
                    if (newer == 0) {
                        return 0;
                    }
                    double change = (sum - olderSum) / newer - olderSum / older;
                    if (Math.abs(change) > bound(1 / older + 1 / newer, variance, surprise)) {
                        return change;
                    }
                }
            }
            return 0;
        }

        private static double bound(double inverse, double variance, double surprise) {
            return Math.sqrt(2 * inverse * variance * surprise) + 2.0 / 3 * inverse * surprise;
        }
    }
}
