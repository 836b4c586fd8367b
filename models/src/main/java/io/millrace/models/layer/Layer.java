package io.millrace.models.layer;

import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.io.Serializable;

/** One layer of a network. The {@code permits} clause is the catalogue that job files choose from. */
public sealed interface Layer extends Serializable
        permits Dense,
                WeightNorm,
                CosineNorm,
                Standardize,
                MinMax,
                LayerNorm,
                RmsNorm,
                BatchNorm,
                Relu,
                LeakyRelu,
                Prelu,
                Elu,
                Selu,
                Gelu,
                Silu,
                Mish,
                Tanh,
                Sigmoid,
                Softplus,
                Dropout,
                Residual,
                Concat {

    /**
     * Lays the layer out at its place.
     *
     * @throws IllegalArgumentException if it does not fit the input
     */
    Stage compile(Site site);
}
