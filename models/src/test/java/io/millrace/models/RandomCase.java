package io.millrace.models;

import io.millrace.models.layer.BatchNorm;
import io.millrace.models.layer.Concat;
import io.millrace.models.layer.CosineNorm;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Elu;
import io.millrace.models.layer.Gelu;
import io.millrace.models.layer.InitialWeights;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.LeakyRelu;
import io.millrace.models.layer.MinMax;
import io.millrace.models.layer.Mish;
import io.millrace.models.layer.Prelu;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Residual;
import io.millrace.models.layer.RmsNorm;
import io.millrace.models.layer.Selu;
import io.millrace.models.layer.Sigmoid;
import io.millrace.models.layer.Silu;
import io.millrace.models.layer.Softplus;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.layer.WeightNorm;
import io.millrace.models.loss.CrossEntropy;
import io.millrace.models.loss.Hinge;
import io.millrace.models.loss.Huber;
import io.millrace.models.loss.KlDivergence;
import io.millrace.models.loss.Loss;
import io.millrace.models.loss.Poisson;
import io.millrace.models.loss.Quantile;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adadelta;
import io.millrace.models.optimizer.Adagrad;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.AdamW;
import io.millrace.models.optimizer.AmsGrad;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Cocob;
import io.millrace.models.optimizer.Ftrl;
import io.millrace.models.optimizer.Momentum;
import io.millrace.models.optimizer.Nadam;
import io.millrace.models.optimizer.Nesterov;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Regularization;
import io.millrace.models.optimizer.RmsProp;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int CASES = Integer.getInteger("millrace.cases", 64); // enough that everything is drawn

    private static final Double[] EPSILONS = {1e-8, 1e-5, 1e-3, 0.01};

    /** One sample, as executors take it. */
    public record Event(int key, float[] features, float[] label, float weight, boolean learn) {}

    /** The cases that the tests share; between them they hold everything in the catalogue. */
    public static List<RandomCase> all() {
        return IntStream.range(0, CASES).mapToObj(RandomCase::of).toList();
    }

    /** Draws a case. */
    public static RandomCase of(long seed) {
        Random random = new Random(seed);
        Problem problem = new Problem(inputs(random), target(random));
        ModelSpec spec = new ModelSpec(
                layers(random, problem.inputs()),
                loss(random, problem.target()),
                optimizer(random),
                schedule(random),
                regularization(random),
                null,
                seed);
        boolean missing = random.nextBoolean();
        List<List<Event>> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.add(round(random, problem, missing));
        }
        return new RandomCase(seed, spec, problem, rounds);
    }

    /** Some rounds of the stream. */
    public RandomCase part(int from, int to) {
        return new RandomCase(seed, spec, problem, rounds.subList(from, to));
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
        return switch (random.nextInt(5)) {
            case 0 -> new Target.Classes(List.of("no", "yes"));
            case 1 -> new Target.Classes(List.of("red", "green", "blue", "grey"));
            case 2 -> new Target.Distribution(List.of("no", "yes"));
            case 3 -> new Target.Distribution(List.of("red", "green", "blue"));
            default -> new Target.Value();
        };
    }

    private static Loss loss(Random random, Target target) {
        if (!target.classes().isEmpty()) {
            return switch (random.nextInt(4)) {
                case 0 -> target instanceof Target.Classes ? new Hinge() : new KlDivergence();
                case 1 -> new KlDivergence();
                default -> new CrossEntropy(random.nextInt(2) * 0.2);
            };
        }
        boolean standardize = random.nextBoolean();
        return switch (random.nextInt(4)) {
            case 0 -> new Squared(standardize);
            case 1 -> new Huber(0.7, standardize);
            case 2 -> new Quantile(0.1 + 0.8 * random.nextDouble(), standardize);
            default -> new Poisson();
        };
    }

    private static List<Layer> layers(Random random, Inputs inputs) {
        List<Layer> layers = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            Layer layer = layer(random);
            if (!showsRounding(layer, layers.isEmpty(), inputs)) {
                layers.add(layer);
            }
        }
        return layers;
    }

    /**
     * True if all that a layer shows or learns is rounding: without an epsilon, a normalizer of a column that barely
     * moves, as a bucket's vector does; a direction of a single number.
     */
    private static boolean showsRounding(Layer layer, boolean first, Inputs inputs) {
        boolean still = !first && !inputs.categories().isEmpty();
        int width = inputs.numeric()
                + inputs.categories().stream()
                        .mapToInt(Inputs.Category::dimension)
                        .sum();
        return (still && (layer instanceof Standardize || layer instanceof MinMax))
                || (width == 1
                        && (layer instanceof WeightNorm || layer instanceof CosineNorm || layer instanceof LayerNorm));
    }

    private static Layer layer(Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> normalizer(random);
            case 2, 3, 4 -> activation(random);
            case 5 -> new Dropout(0.8 * random.nextDouble());
            case 6 -> block(random);
            default -> connected(random, 2 + random.nextInt(9));
        };
    }

    private static Layer block(Random random) {
        List<Layer> layers = List.of(activation(random), new Dropout(0.2), activation(random));
        if (random.nextBoolean()) {
            return new Residual(layers);
        }
        return new Concat(
                List.of(layers.get(0), layers.get(1), connected(random, 1 + random.nextInt(4)), layers.get(2)));
    }

    private static Layer connected(Random random, int units) {
        InitialWeights weights = pick(random, InitialWeights.values());
        InitialWeights directions = weights == InitialWeights.ZEROS ? InitialWeights.HE : weights;
        return switch (random.nextInt(4)) {
            case 0 -> new WeightNorm(units, directions);
            case 1 -> new CosineNorm(units, epsilon(random), directions);
            default -> new Dense(units, weights);
        };
    }

    private static double epsilon(Random random) {
        return pick(random, EPSILONS);
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Layer normalizer(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> new MinMax();
            case 1 -> new LayerNorm(epsilon(random));
            case 2 -> new RmsNorm(epsilon(random));
            case 3 -> new BatchNorm(20, epsilon(random));
            case 4 -> new Standardize(1 + 100 * random.nextDouble());
            default -> new Standardize();
        };
    }

    private static Layer activation(Random random) {
        return switch (random.nextInt(11)) {
            case 0 -> new Relu();
            case 1 -> new LeakyRelu(0.3 * random.nextDouble());
            case 2 -> new Prelu();
            case 3 -> new Elu(0.5 + random.nextDouble());
            case 4 -> new Selu();
            case 5 -> new Gelu();
            case 6 -> new Silu();
            case 7 -> new Mish();
            case 8 -> new Tanh();
            case 9 -> new Sigmoid();
            default -> new Softplus();
        };
    }

    /**
     * Small steps: near the edge of stability any two orders of summation part ways. So they do where a gradient is zero but
     * for rounding, unless epsilon is well above that.
     */
    private static Optimizer optimizer(Random random) {
        double rate = 0.02 * random.nextDouble() + 0.0001;
        double decay = 0.99 * random.nextDouble();
        return switch (random.nextInt(13)) {
            case 0 -> new Sgd(4 * rate);
            case 1 -> new Momentum(rate, decay);
            case 2 -> new Nesterov(rate, decay);
            case 3 -> new Adagrad(rate, epsilon(random));
            case 4 -> new Adadelta(rate, decay, epsilon(random));
            case 5 -> new RmsProp(rate, decay, epsilon(random));
            case 6 -> new AdamW(rate, 0.1, decay, 0.99, epsilon(random));
            case 7 -> new Nadam(rate, decay, 0.99, epsilon(random));
            case 8 -> new AmsGrad(rate, decay, 0.99, epsilon(random));
            case 9 -> new Ftrl(4 * rate, random.nextInt(2) * 0.01, random.nextInt(2) * 0.1, 1);
            case 10 -> new Cocob(100 + 10_000 * rate);
            case 11 -> new Auto(2 + random.nextInt(3));
            default -> new Adam(rate, decay, 0.999, epsilon(random));
        };
    }

    private static Schedule schedule(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> new Schedule.WarmUp(50);
            case 1 -> new Schedule.Step(30, 0.5);
            case 2 -> new Schedule.Exponential(40);
            case 3 -> new Schedule.InverseSqrt(20);
            case 4 -> new Schedule.Cosine(30);
            case 5 -> new Schedule.SlantedTriangular(80);
            case 6 -> new Schedule.ReduceOnPlateau(0.5, random.nextInt(10), 0.001, 5, 0.1);
            default -> new Schedule.Constant();
        };
    }

    private static Regularization regularization(Random random) {
        Double norm = random.nextInt(3) == 0 ? 0.5 + random.nextDouble() : null;
        Double value = random.nextInt(3) == 0 ? 0.2 + random.nextDouble() : null;
        double l2 = random.nextInt(3) == 0 ? 0.1 * random.nextDouble() : 0;
        return new Regularization(norm, value, l2, random.nextInt(4) == 0 ? 0.3 + random.nextDouble() : null);
    }

    private static List<Event> round(Random random, Problem problem, boolean missing) {
        List<Event> round = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            if (random.nextInt(4) > 0) {
                boolean labelled = random.nextInt(5) > 0;
                boolean learn = labelled && random.nextInt(6) > 0;
                float weight = random.nextInt(3) > 0 ? 1 : 2 * random.nextFloat();
                float[] features = features(random, problem.inputs(), missing);
                float[] label = labelled ? label(random, problem.target(), features) : new float[0];
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

    private static float[] label(Random random, Target target, float[] features) {
        double signal = Float.isNaN(features[0]) ? 0 : features[0];
        double noisy = signal + 0.3 * random.nextGaussian();
        if (target instanceof Target.Value) {
            return new float[] {(float) (3 * noisy + 2)};
        }
        int index = Math.floorMod(Math.round(2 * noisy), target.scores());
        if (target instanceof Target.Classes) {
            return new float[] {index};
        }
        float sure = random.nextInt(3) * 0.5f;
        float[] label = new float[target.scores()];
        Arrays.fill(label, (1 - sure) / label.length);
        label[index] += sure;
        return label;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + spec + " for " + problem;
    }
}
