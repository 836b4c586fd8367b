package io.millrace.models.drift;

import io.millrace.models.program.Noise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.DoublePredicate;

/** The detectors once more, in doubles, lists and nothing else: each as its paper tells it. True at an alarm. */
final class Papers {
    private Papers() {}

    static DoublePredicate ddm(double level, int after) {
        return new DoublePredicate() {
            private List<Double> errors = new ArrayList<>();
            private double leastRate;
            private double leastDeviation;

            @Override
            public boolean test(double error) {
                errors.add(error);
                int i = errors.size();
                double p = errors.stream().mapToDouble(each -> each).sum() / i;
                double s = Math.sqrt(p * (1 - p) / i);
                if (i == after || (i > after && p + s <= leastRate + leastDeviation)) {
                    leastRate = p;
                    leastDeviation = s;
                }
                boolean drift = i > after && p + s > leastRate + level * leastDeviation;
                if (drift) {
                    errors = new ArrayList<>();
                }
                return drift;
            }
        };
    }

    static DoublePredicate eddm(double level, int after) {
        return new DoublePredicate() {
            private List<Integer> errors = new ArrayList<>(); // their positions
            private int position;
            private double largest;

            @Override
            public boolean test(double error) {
                position++;
                if (error == 0) {
                    return false;
                }
                errors.add(position);
                if (errors.size() < after) {
                    return false;
                }
                int distances = errors.size() - 1;
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < distances; i++) {
                    double distance = errors.get(i + 1) - errors.get(i);
                    sum += distance;
                    squares += distance * distance;
                }
                double mean = sum / distances;
                double size = mean + 2 * Math.sqrt(Math.max(0, squares / distances - mean * mean));
                largest = Math.max(largest, size);
                boolean drift = size / largest < level;
                if (drift) {
                    errors = new ArrayList<>();
                    largest = 0;
                }
                return drift;
            }
        };
    }

    static DoublePredicate hddmA(double alpha) {
        return new DoublePredicate() {
            private double n;
            private double total;
            private double cutN;
            private double cutTotal;

            private double epsilon(double events) {
                return Math.sqrt(Math.log(1 / alpha) / (2 * events));
            }

            @Override
            public boolean test(double value) {
                n++;
                total += value;
                if (cutN == 0 || total / n + epsilon(n) <= cutTotal / cutN + epsilon(cutN)) {
                    cutN = n;
                    cutTotal = total;
                }
                double m = n - cutN;
                double rise = total / n - cutTotal / cutN;
                boolean drift = m > 0 && rise >= Math.sqrt(m / (2 * cutN * n) * Math.log(1 / alpha));
                if (drift) {
                    n = total = cutN = cutTotal = 0;
                }
                return drift;
            }
        };
    }

    static DoublePredicate pageHinkley(double threshold, double delta, int after) {
        return new DoublePredicate() {
            private List<Double> values = new ArrayList<>();
            private double sum;
            private double excess;
            private double least;

            @Override
            public boolean test(double value) {
                values.add(value);
                sum += value;
                excess += value - sum / values.size() - delta;
                least = Math.min(least, excess);
                boolean drift = values.size() >= after && excess - least > threshold;
                if (drift) {
                    values = new ArrayList<>();
                    sum = excess = least = 0;
                }
                return drift;
            }
        };
    }

    static DoublePredicate kswin(double alpha, int window, int newest) {
        return new DoublePredicate() {
            private List<Float> values = new ArrayList<>();
            private long events;

            @Override
            public boolean test(double value) {
                events++;
                values.add((float) value);
                if (values.size() > window) {
                    values.remove(0);
                }
                if (values.size() < window) {
                    return false;
                }
                List<Float> urn = new ArrayList<>(values.subList(0, window - newest));
                List<Float> after = new ArrayList<>(values.subList(window - newest, window));
                List<Float> before = new ArrayList<>();
                while (before.size() < newest) {
                    int drawn = (int) (Noise.at(events, before.size()) % urn.size());
                    // the one drawn leaves, the first takes its place
                    before.add(urn.set(drawn, urn.get(0)));
                    urn.remove(0);
                }
                double distance = 0;
                for (float x : values) {
                    double below = before.stream().filter(each -> each <= x).count();
                    double above = after.stream().filter(each -> each <= x).count();
                    distance = Math.max(distance, Math.abs(below - above) / newest);
                }
                if (distance <= Math.sqrt(-Math.log(alpha) / newest)) {
                    return false;
                }
                values = after;
                return mean(after) > mean(before);
            }

            private double mean(List<Float> some) {
                return some.stream().mapToDouble(each -> each).average().orElseThrow();
            }
        };
    }

    static DoublePredicate adwin(double delta, int every, int buckets, int levels) {
        return new DoublePredicate() {
            private final Deque<List<Double>> window =
                    new ArrayDeque<>(); // buckets with all of their values, newest first
            private int events;

            @Override
            public boolean test(double value) {
                window.addFirst(List.of(value));
                for (int size = 1, n = 1; n <= levels; size *= 2, n++) {
                    merge(size, n == levels);
                }
                if (++events % every != 0) {
                    return false;
                }
                boolean risen = false;
                for (double change = change(); change != 0; change = change()) {
                    risen |= change > 0;
                    window.removeLast();
                }
                return risen;
            }

            private void merge(int size, boolean last) {
                List<List<Double>> all = new ArrayList<>(window);
                List<Integer> same = new ArrayList<>();
                for (int i = 0; i < all.size(); i++) {
                    if (all.get(i).size() == size) {
                        same.add(i);
                    }
                }
                if (same.size() <= buckets) {
                    return;
                }
                int oldest = same.get(same.size() - 1);
                List<Double> merged = new ArrayList<>(all.remove(oldest));
                if (!last) {
                    merged.addAll(0, all.remove(oldest - 1));
                    all.add(oldest - 1, merged);
                }
                window.clear();
                window.addAll(all);
            }

            private double change() {
                double n = window.stream().mapToInt(List::size).sum();
                double mean = sum(window) / n;
                double variance = window.stream()
                                .flatMap(List::stream)
                                .mapToDouble(x -> (x - mean) * (x - mean))
                                .sum()
                        / n;
                List<List<Double>> oldestFirst = new ArrayList<>();
                window.descendingIterator().forEachRemaining(oldestFirst::add);
                for (int split = 1; split < oldestFirst.size(); split++) {
                    List<List<Double>> w0 = oldestFirst.subList(0, split);
                    List<List<Double>> w1 = oldestFirst.subList(split, oldestFirst.size());
                    double n0 = w0.stream().mapToInt(List::size).sum();
                    double n1 = n - n0;
                    double harmonic = 1 / (1 / n0 + 1 / n1);
                    double log = Math.log(2 / (delta / Math.log(n)));
                    double cut = Math.sqrt(2 / harmonic * variance * log) + 2 / (3 * harmonic) * log;
                    double change = sum(w1) / n1 - sum(w0) / n0;
                    if (Math.abs(change) > cut) {
                        return change;
                    }
                }
                return 0;
            }

            private double sum(Iterable<List<Double>> some) {
                double sum = 0;
                for (List<Double> bucket : some) {
                    for (double value : bucket) {
                        sum += value;
                    }
                }
                return sum;
            }
        };
    }
}
