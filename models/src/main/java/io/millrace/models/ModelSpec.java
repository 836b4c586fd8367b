package io.millrace.models;

import io.millrace.models.drift.OnDrift;
import io.millrace.models.layer.Layer;
import io.millrace.models.loss.Loss;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Regularization;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is learnt and how: the setup section of a paper. Immutable; travels inside the job graph.
 *
 * <p>An output layer is added behind the layers: dense, as wide as the loss needs, zero at first, so that a new
 * model starts undecided.
 */
@Term(value = "model", about = "The network, its loss and its optimizer.")
public record ModelSpec(
        @Setting(
                value = "Layers between the features and the output layer, which is added.",
                byDefault = "[standardize, {dense: 64}, layer-norm, tanh]",
                atMost = 100)
        List<Layer> layers,

        @Setting(value = "What to minimize; cross-entropy for classes, squared for values.", optional = true) @Nullable
        Loss loss,

        @Setting(value = "How a gradient moves the parameters.", byDefault = "auto")
        Optimizer optimizer,

        @Setting(value = "How the learning rate changes over the updates of a model.", byDefault = "constant")
        Schedule schedule,

        @Setting(value = "Bounds on the gradient, and decay of the parameters.", byDefault = "{}")
        Regularization regularization,

        @Setting(value = "What a model does when its errors rise; nothing when left out.", optional = true) @Nullable
        OnDrift onDrift,

        @Setting(value = "Seed of the initial parameters and of every random choice.", byDefault = "1")
        long seed)
        implements Serializable {
    public ModelSpec {
        Settings.check(ModelSpec.class, layers, loss, optimizer, schedule, regularization, onDrift, seed);
        layers = List.copyOf(layers);
    }

    /** A model with a constant learning rate and without regularization. */
    public ModelSpec(List<Layer> layers, @Nullable Loss loss, Optimizer optimizer, long seed) {
        this(layers, loss, optimizer, new Schedule.Constant(), Regularization.NONE, null, seed);
    }

    /** The same model with an answer to drift. */
    public ModelSpec with(OnDrift answer) {
        return new ModelSpec(layers, loss, optimizer, schedule, regularization, answer, seed);
    }

    /** The same model with another optimizer. */
    public ModelSpec with(Optimizer other) {
        return new ModelSpec(layers, loss, other, schedule, regularization, onDrift, seed);
    }

    /** The step over rows of a layout; belongs to one thread. */
    public Descent descent(Layout layout) {
        return schedule.descent(regularization.descent(optimizer, layout), layout);
    }

    /** Compiles the model for a problem; see {@link Program#compile}. */
    public Program compile(Problem problem) {
        return Program.compile(this, problem);
    }
}
