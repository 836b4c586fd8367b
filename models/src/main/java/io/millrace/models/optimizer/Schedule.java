package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;

/**
 * How an optimizer's learning rate changes over the updates of a model: the share of its step that is taken. Every key
 * has updates of its own, so a late key warms up as an early one did; what a schedule has heard of its losses lies in
 * its row.
 *
 * <p>A stream never ends: a share that goes to zero makes a model deaf to drift. Parameters of ftrl follow from its
 * slots, which no schedule slows: leave it constant there.
 */
public sealed interface Schedule extends Serializable {
    /** Name of the range of a row that holds what a schedule remembers. */
    String MEMORY = "schedule";

    /**
     * Share of the step at an update, in [0, 1], as far as it follows from the update's number.
     *
     * @param update number of the update, the first is 1
     */
    double at(long update);

    /** The share as TorchScript: an expression of {@code update} [rows, 1], as float64, and of what was heard. */
    String script();

    /** How many floats of a row it remembers. */
    default int memory() {
        return 0;
    }

    /**
     * Hears the losses of a pass that is learnt from, as TorchScript.
     *
     * @param memory the range called {@link #MEMORY}
     * @param loss name of a tensor [rows]
     */
    default void hear(Script script, Range memory, String loss) {}

    /** An optimizer's step, of which the share is taken. */
    default Descent descent(Descent optimizer, Layout layout) {
        return new Paced((row, update, loss) -> at(update), optimizer, layout.parameters());
    }

    /** Parameters {@code start} moved by the share of a step to {@code moved}, as TorchScript. */
    default String script(String start, String moved) {
        return start + " + (" + moved + " - " + start + ") * (" + script() + ").float()";
    }

    /** Always the whole step. */
    @Term(value = "constant", about = "The learning rate stays as it is.")
    record Constant() implements Schedule {
        @Override
        public double at(long update) {
            return 1;
        }

        @Override
        public String script() {
            return "1.";
        }

        @Override
        public Descent descent(Descent optimizer, Layout layout) {
            return optimizer;
        }

        @Override
        public String script(String start, String moved) {
            return moved;
        }
    }

    /**
     * Grows evenly to the whole step, then stays.
     *
     * @see "P. Goyal et al., Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour, 2017, section 2.2"
     */
    @Term(value = "warm-up", about = "The learning rate grows evenly, then stays.")
    record WarmUp(
            @Setting(value = "Updates until the whole learning rate is reached.", byDefault = "100", atLeast = 1)
            long updates)
            implements Schedule {
        public WarmUp {
            Settings.check(WarmUp.class, updates);
        }

        @Override
        public double at(long update) {
            return Math.min(1, update / (double) updates);
        }

        @Override
        public String script() {
            return "torch.clamp(update / " + (double) updates + ", max=1.)";
        }
    }

    /** Falls by a factor every so many updates. */
    @Term(value = "step", about = "The learning rate falls by a factor every so many updates.")
    record Step(
            @Setting(value = "Updates from one fall to the next.", atLeast = 1)
            long every,

            @Setting(value = "What is left after a fall.", byDefault = "0.1", above = 0, below = 1)
            double factor)
            implements Schedule {
        public Step {
            Settings.check(Step.class, every, factor);
        }

        @Override
        public double at(long update) {
            return Math.pow(factor, Math.floor((update - 1) / (double) every));
        }

        @Override
        public String script() {
            return "torch.pow(" + factor + ", torch.floor((update - 1.) / " + (double) every + "))";
        }
    }

    /** Halves once per half-life. */
    @Term(value = "exponential", about = "The learning rate halves again and again.")
    record Exponential(
            @Setting(value = "Updates after which half of it is left.", above = 0)
            double halfLife) implements Schedule {
        public Exponential {
            Settings.check(Exponential.class, halfLife);
        }

        @Override
        public double at(long update) {
            return Math.pow(0.5, (update - 1) / halfLife);
        }

        @Override
        public String script() {
            return "torch.pow(0.5, (update - 1.) / " + halfLife + ")";
        }
    }

    /**
     * Grows evenly, then falls with the inverse root of the updates.
     *
     * @see "A. Vaswani et al., Attention Is All You Need, 2017, equation 3"
     */
    @Term(
            value = "inverse-sqrt",
            about = "The learning rate grows evenly, then falls with the inverse root of updates.")
    record InverseSqrt(
            @Setting(value = "Updates until the whole learning rate is reached.", byDefault = "100", atLeast = 1)
            long warmUp)
            implements Schedule {
        public InverseSqrt {
            Settings.check(InverseSqrt.class, warmUp);
        }

        @Override
        public double at(long update) {
            double time = update / (double) warmUp;
            return Math.min(time, 1 / Math.sqrt(time));
        }

        @Override
        public String script() {
            String time = "update / " + (double) warmUp;
            return "torch.minimum(" + time + ", torch.rsqrt(" + time + "))";
        }
    }

    /**
     * Falls along half a cosine and starts again, in periods of one length.
     *
     * @see "I. Loshchilov, F. Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, equation 5"
     */
    @Term(value = "cosine", about = "The learning rate falls along a cosine and restarts, over and over.")
    record Cosine(
            @Setting(value = "Updates from one restart to the next.", atLeast = 1)
            long period) implements Schedule {
        public Cosine {
            Settings.check(Cosine.class, period);
        }

        @Override
        public double at(long update) {
            return 0.5 + 0.5 * Math.cos(Math.PI * ((update - 1) % period) / period);
        }

        @Override
        public String script() {
            String time = "torch.remainder(update - 1., " + (double) period + ")";
            return "torch.cos(" + time + " * " + Math.PI / period + ") * 0.5 + 0.5";
        }
    }

    /**
     * Grows evenly over the first tenth of the updates, falls evenly to 1/32 over the others, and stays there.
     *
     * @see "J. Howard, S. Ruder, Universal Language Model Fine-tuning for Text Classification, 2018, equation 3"
     */
    @Term(value = "slanted-triangular", about = "The learning rate grows fast, falls slowly, and stays low.")
    record SlantedTriangular(
            @Setting(value = "Updates until it has fallen.", atLeast = 10)
            long updates) implements Schedule {
        private static final double RATIO = 32;

        public SlantedTriangular {
            Settings.check(SlantedTriangular.class, updates);
        }

        /** Updates that it grows for. */
        private double peak() {
            return Math.floor(updates * 0.1);
        }

        @Override
        public double at(long update) {
            double height = Math.min(update / peak(), Math.max(0, (updates - update) / (updates - peak())));
            return (1 + height * (RATIO - 1)) / RATIO;
        }

        @Override
        public String script() {
            String fall = "torch.clamp((" + (double) updates + " - update) / " + (updates - peak()) + ", min=0.)";
            String height = "torch.minimum(update / " + peak() + ", " + fall + ")";
            return "(" + height + " * " + (RATIO - 1) + " + 1.) / " + RATIO;
        }
    }

    /**
     * Falls by a factor whenever the loss has stopped falling; never rises again.
     *
     * <p>PyTorch's {@code ReduceLROnPlateau} hears one loss per epoch. A stream has no epochs, so each update's loss
     * moves a running mean, {@code mean += (loss - mean) / n}, where n counts the updates up to the window. A mean below
     * {@code best * (1 - threshold)} is the new best; any other is bad. After more than {@code patience} bad ones in a
     * row the share of the step becomes {@code max(least, share * factor)}, from the next update on. Then, unlike
     * PyTorch's, best is the present mean: after a drift the old one may be out of reach. There is no cooldown.
     *
     * @see "A. Paszke et al., PyTorch: An Imperative Style, High-Performance Deep Learning Library, 2019"
     */
    @Term(value = "reduce-on-plateau", about = "The learning rate falls whenever the loss has stopped falling.")
    record ReduceOnPlateau(
            @Setting(value = "What is left after a fall.", byDefault = "0.1", above = 0, below = 1)
            double factor,

            @Setting(
                    value = "Updates in a row that may pass without a better mean.",
                    byDefault = "1000",
                    atLeast = 0,
                    atMost = 1_000_000)
            long patience,

            @Setting(
                    value = "Share by which a mean must be below the best to be better.",
                    byDefault = "1e-4",
                    atLeast = 0,
                    below = 1)
            double threshold,

            @Setting(value = "Losses that the mean is over.", byDefault = "100", atLeast = 1, atMost = 1_000_000)
            long window,

            @Setting(
                    value =
                            "Share of the learning rate that always stays, so that a model does not turn deaf to drift.",
                    byDefault = "0.01",
                    atLeast = 0,
                    atMost = 1)
            double least)
            implements Schedule {
        public ReduceOnPlateau {
            Settings.check(ReduceOnPlateau.class, factor, patience, threshold, window, least);
        }

        /** The whole step: what makes it fall is not the update's number. */
        @Override
        public double at(long update) {
            return 1;
        }

        @Override
        public String script() {
            return "torch.clamp(torch.pow(" + factor + ", heard[:, 4:5].double()), min=" + least + ")";
        }

        @Override
        public int memory() {
            return Plateau.MEMORY;
        }

        @Override
        public void hear(Script script, Range memory, String loss) {
            Plateau.hear(this, script, memory, loss);
        }

        @Override
        public Descent descent(Descent optimizer, Layout layout) {
            int memory = layout.at(layout.find(MEMORY).orElseThrow());
            return new Paced(new Plateau(this, memory), optimizer, layout.parameters());
        }
    }
}
