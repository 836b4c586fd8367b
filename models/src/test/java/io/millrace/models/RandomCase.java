package io.millrace.models;

import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Gelu;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.loss.CrossEntropy;
import io.millrace.models.loss.Huber;
import io.millrace.models.loss.Loss;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.Momentum;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A model, a problem and a stream drawn from a seed: everything in the catalogue, several keys, missing numbers, outliers,
 * weights, samples without a label and samples that are only to be predicted.
 *
 * @param rounds the stream: a round holds at most one event of each key
 */
public record RandomCase(long seed, ModelSpec spec, Problem problem, List<List<Event>> rounds) {
    /** Number of keys; a key is below it. */
    public static final int KEYS = 5;

    private static final int ROUNDS = 200;

    /** One sample, as executors take it. */
    public record Event(int key, float[] features, float[] label, float weight, boolean learn) {}

    /** Draws a case. */
    public static RandomCase of(long seed) {
        Random random = new Random(seed);
        Problem problem = new Problem(inputs(random), target(random));
        ModelSpec spec = new ModelSpec(layers(random), loss(random, problem.target()), optimizer(random), seed);
        boolean missing = random.nextBoolean();
        List<List<Event>> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.add(round(random, problem, missing));
        }
        return new RandomCase(seed, spec, problem, rounds);
    }

    /** The model, compiled. */
    public Program program() {
        return spec.compile(problem);
    }

    private static Inputs inputs(Random random) {
        List<Inputs.Category> categories = IntStream.range(0, Math.max(0, random.nextInt(5) - 2))
                .mapToObj(i -> new Inputs.Category(1 + random.nextInt(6), 1 + random.nextInt(4)))
                .toList();
        return new Inputs(categories.isEmpty() ? 1 + random.nextInt(6) : random.nextInt(5), categories);
    }

    private static Target target(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Target.Classes(List.of("no", "yes"));
            case 1 -> new Target.Classes(List.of("red", "green", "blue", "grey"));
            default -> new Target.Value();
        };
    }

    private static Loss loss(Random random, Target target) {
        if (target instanceof Target.Classes) {
            return new CrossEntropy();
        }
        return random.nextBoolean() ? new Squared(random.nextBoolean()) : new Huber(0.7, random.nextBoolean());
    }

    private static List<Layer> layers(Random random) {
        List<Layer> layers = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            layers.add(layer(random));
        }
        return layers;
    }

    private static Layer layer(Random random) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> new Standardize();
            case 2 -> new LayerNorm();
            case 3 -> new Relu();
            case 4 -> new Tanh();
            case 5 -> new Gelu();
            case 6 -> new Dropout(0.8 * random.nextDouble());
            default -> new Dense(2 + random.nextInt(9));
        };
    }

    /** Small steps: near the edge of stability any two orders of summation part ways. */
    private static Optimizer optimizer(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Sgd(0.02 * random.nextDouble() + 0.001);
            case 1 -> new Momentum(0.001 * random.nextDouble() + 0.0001, 0.9 * random.nextDouble());
            default -> new Adam(0.005 * random.nextDouble() + 0.0001);
        };
    }

    private static List<Event> round(Random random, Problem problem, boolean missing) {
        List<Event> round = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            if (random.nextInt(4) > 0) {
                boolean labelled = random.nextInt(5) > 0;
                boolean learn = labelled && random.nextInt(6) > 0;
                float weight = random.nextInt(3) > 0 ? 1 : 2 * random.nextFloat();
                float[] features = features(random, problem.inputs(), missing);
                float[] label = labelled ? new float[] {label(random, problem.target(), features)} : new float[0];
                round.add(new Event(key, features, label, weight, learn));
            }
        }
        return round;
    }

    private static float[] features(Random random, Inputs inputs, boolean missing) {
        float[] features = new float[inputs.width()];
        for (int i = 0; i < inputs.numeric(); i++) {
            boolean absent = missing && random.nextInt(10) == 0;
            float number = (float) random.nextGaussian() + 0.5f * i;
            features[i] = absent ? Float.NaN : random.nextInt(200) == 0 ? 1e25f * number : number;
        }
        for (int i = 0; i < inputs.categories().size(); i++) {
            features[inputs.numeric() + i] =
                    random.nextInt(inputs.categories().get(i).buckets());
        }
        return features;
    }

    private static float label(Random random, Target target, float[] features) {
        double signal = Float.isNaN(features[0]) ? 0 : features[0];
        double noisy = signal + 0.3 * random.nextGaussian();
        return target instanceof Target.Classes classes
                ? Math.floorMod(Math.round(2 * noisy), classes.scores())
                : (float) (3 * noisy + 2);
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + spec + " for " + problem;
    }
}
