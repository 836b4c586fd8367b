package io.millrace.models.jvm;

import io.millrace.models.Program;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.optimizer.Boosted;
import io.millrace.models.program.Descent;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Stage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one learner over its part of a row, with its working memory; belongs to one thread. Only {@link
 * #move} writes to the row. Allocates nothing per sample.
 */
final class Network {
    private final Kernel[] kernels;
    private final HeadKernel head;
    private final Descent descent;
    private final @Nullable Boosted boosted; // the descent, if drift boosts it
    private final int lowest; // stage that learns; the output layer does
    private final float[][] values; // values[s] flows into stage s, the last one out of the network
    private final float[][] deltas; // gradients in the values
    private double loss = Double.NaN;
    private double squaredGradient;

    /**
     * @param layout of the learner's part of the row
     * @param input [inputs.width], of every sample
     */
    Network(Program program, Layout layout, float[] input) {
        int stages = program.stages().size();
        kernels = new Kernel[stages];
        values = new float[stages + 1][];
        values[0] = input;
        for (int s = 0; s < stages; s++) {
            Stage stage = program.stages().get(s);
            kernels[s] = stage.kernel(layout);
            values[s + 1] = new float[stage.output().width()];
        }
        deltas = new float[stages + 1][];
        for (int s = 0; s <= stages; s++) {
            deltas[s] = new float[values[s].length];
        }
        head = program.head().kernel(layout);
        Descent plain = program.spec().descent(layout);
        boosted = program.spec().onDrift() instanceof OnDrift.Boost ? new Boosted(plain, layout.parameters()) : null;
        descent = boosted == null ? plain : boosted;
        lowest = IntStream.range(0, stages)
                .filter(s -> program.stages().get(s).learns())
                .findFirst()
                .orElseThrow();
    }

    /** [outputs] of the pass last made. */
    float[] outputs() {
        return values[kernels.length];
    }

    /** The loss's arithmetic over this learner's part of the row. */
    HeadKernel head() {
        return head;
    }

    /** The loss last learnt from. */
    double loss() {
        return loss;
    }

    /** Computes the outputs that a prediction sees. */
    void forward(float[] row) {
        for (int s = 0; s < kernels.length; s++) {
            kernels[s].forward(row, values[s], values[s + 1]);
        }
    }

    /** Computes the outputs that learning sees. */
    void forwardLearning(float[] row, long draw) {
        for (int s = 0; s < kernels.length; s++) {
            kernels[s].forwardLearning(row, values[s], values[s + 1], Noise.at(draw, s));
        }
    }

    /**
     * Takes the loss of the outputs and its gradient.
     *
     * @return true if both are finite and not too large
     */
    boolean differentiate(float[] row, float[] label, float weight) {
        int last = kernels.length;
        loss = head.loss(row, values[last], label, deltas[last]);
        for (int i = 0; i < deltas[last].length; i++) {
            deltas[last][i] *= weight;
        }
        squaredGradient = backward(row);
        return Double.isFinite(loss) && squaredGradient <= Program.LARGEST_GRADIENT * Program.LARGEST_GRADIENT;
    }

    /** Takes the gradient; returns its squared norm. */
    private double backward(float[] row) {
        double squares = 0;
        for (int s = kernels.length - 1; s > lowest; s--) {
            kernels[s].backward(row, values[s], values[s + 1], deltas[s + 1], deltas[s]);
            squares += kernels[s].squaredGradient(values[s], deltas[s + 1]);
        }
        kernels[lowest].backwardLowest(row, values[lowest], values[lowest + 1], deltas[lowest + 1], deltas[lowest]);
        return squares + kernels[lowest].squaredGradient(values[lowest], deltas[lowest + 1]);
    }

    /**
     * Takes the step along the gradient.
     *
     * @param update its number, the first is 1
     * @param factor by which drift boosts it
     */
    void move(float[] row, long update, float factor) {
        if (boosted != null) {
            boosted.factor(factor);
        }
        descent.begin(row, update, loss, squaredGradient);
        for (int s = 0; s < kernels.length; s++) {
            kernels[s].update(row, values[s], deltas[s + 1], descent);
        }
        descent.end(row);
        head.update(row);
    }
}
