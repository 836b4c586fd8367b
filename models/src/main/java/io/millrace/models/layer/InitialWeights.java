package io.millrace.models.layer;

import io.millrace.models.program.Initializer;

/** How the weights of a connected layer start, before anything is learnt. */
public enum InitialWeights {
    /**
     * Normal values with variance 2 / inputs, which keep the scale of activations through rectifiers.
     *
     * @see "K. He et al., Delving Deep into Rectifiers, 2015, equation 10"
     */
    HE,
    /**
     * Uniform values with variance 2 / (inputs + units), a compromise between the scale of activations and that of
     * gradients.
     *
     * @see "X. Glorot, Y. Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010,
     *     equation 16"
     */
    GLOROT,
    /**
     * Normal values with variance 1 / inputs, for activations that are linear near zero, as selu asks for.
     *
     * @see "Y. LeCun et al., Efficient BackProp, 1998, equation 16"
     */
    LECUN,
    /**
     * Directions at right angles and of length 1, so that signals neither grow nor fade: a semi-orthogonal matrix with a
     * gain of 1, as PyTorch has it; the paper gives rectifiers and tanh larger gains.
     *
     * @see "A. M. Saxe et al., Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks,
     *     2014"
     */
    ORTHOGONAL,
    /** Zeros: the layer is silent at first. For the last layer of a residual block, or of a network. */
    ZEROS;

    /** Root mean square of the weights. */
    double deviation(int inputs, int units) {
        return switch (this) {
            case HE -> Math.sqrt(2.0 / inputs);
            case GLOROT -> Math.sqrt(2.0 / ((double) inputs + units));
            case LECUN -> Math.sqrt(1.0 / inputs);
            case ORTHOGONAL -> Math.sqrt(1.0 / Math.max(inputs, units));
            case ZEROS -> 0;
        };
    }

    /** Chooses the weights of a layer. */
    Initializer of(int inputs, int units) {
        double deviation = deviation(inputs, units);
        return switch (this) {
            case HE, LECUN -> Initializer.normal(deviation);
            case GLOROT -> Initializer.uniform(Math.sqrt(3) * deviation);
            case ORTHOGONAL -> new Orthogonal();
            case ZEROS -> Initializer.ZEROS;
        };
    }

    /**
     * As {@link #of}, of a layer that learns directions.
     *
     * @throws IllegalArgumentException for zeros, which have none
     */
    Initializer directions(int inputs, int units) {
        if (this == ZEROS) {
            throw new IllegalArgumentException("initializer=zeros gives no direction: choose another");
        }
        return of(inputs, units);
    }
}
