package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.List;
import java.util.Random;

/**
 * SEA concepts: three numbers in [0, 10), of which the third says nothing; class 1 if the sum of the first two is at most
 * a threshold, which is 8, 9, 7 and 9.5 in turn. Of the labels a tenth is turned round.
 *
 * @see "W. N. Street, Y. Kim, A Streaming Ensemble Algorithm (SEA) for Large-Scale Classification, 2001, section 4.2"
 */
final class Sea implements Generator {
    private static final double[] THRESHOLDS = {8, 9, 7, 9.5};
    private static final double NOISE = 0.1;

    private final Concepts concepts;
    private final Random random;

    Sea(long events, long seed) {
        concepts = new Concepts(events, List.of("threshold 8", "threshold 9", "threshold 7", "threshold 9.5"));
        random = new Random(seed);
    }

    @Override
    public List<String> features() {
        return List.of("first", "second", "third");
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public List<Drift> drifts() {
        return concepts.drifts();
    }

    @Override
    public int next(double[] features) {
        for (int i = 0; i < 3; i++) {
            features[i] = random.nextDouble() * 10;
        }
        int label = features[0] + features[1] <= THRESHOLDS[concepts.next()] ? 1 : 0;
        return random.nextDouble() < NOISE ? 1 - label : label;
    }
}
