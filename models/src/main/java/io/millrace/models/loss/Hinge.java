package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Term;

/**
 * How far a class falls short of a margin of 1, as in support vector machines: one output for two classes; for more an
 * output per class, each against all others, where PyTorch's multi-margin loss compares pairs.
 *
 * <p>Scores are the logistic or softmax of the outputs: they rank classes and sum to one, but are not calibrated
 * probabilities. The slope at the margin itself is 0.
 *
 * @see "C. Cortes, V. Vapnik, Support-Vector Networks, 1995"
 * @see "R. Rifkin, A. Klautau, In Defense of One-Vs-All Classification, 2004"
 */
@Term(value = "hinge", about = "How far a class falls short of its margin; scores are not calibrated.")
public record Hinge() implements Loss {
    @Override
    public Head compile(Target target, Site site) {
        if (target instanceof Target.Distribution) {
            throw new IllegalArgumentException(
                    "hinge needs one class, and the label is a probability of each: use cross-entropy");
        }
        return new Margins(CrossEntropy.classifier("hinge", target, 0));
    }

    /** @param classifier gives the scores */
    private record Margins(Head classifier) implements Head {
        @Override
        public int outputs() {
            return classifier.outputs();
        }

        /** Class of the first output: a single output is for class 1. */
        private int first() {
            return outputs() == 1 ? 1 : 0;
        }

        @Override
        public HeadKernel kernel(Layout layout) {
            return new Arithmetic(classifier.kernel(layout), first());
        }

        @Override
        public String scoresScript(Script script, String outputs) {
            return classifier.scoresScript(script, outputs);
        }

        @Override
        public String lossScript(Script script, String outputs, String label) {
            String classes =
                    script.let("torch.arange(" + outputs() + ", dtype=4, device=" + label + ".device) + " + first());
            String sign = script.let("(" + label + " == " + classes + ").float() * 2. - 1.");
            String shortfall = script.let("torch.relu(1. - " + sign + " * " + outputs + ")");
            String loss = script.let("torch.sum(" + shortfall + ", [1])");
            script.derive(
                    loss,
                    slope -> script.slope(
                            outputs,
                            "torch.where(" + shortfall + " > 0., -" + sign + ", 0.) * torch.unsqueeze(" + slope
                                    + ", 1)"));
            return loss;
        }
    }

    private record Arithmetic(HeadKernel classifier, int first) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            classifier.scores(row, outputs, scores);
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            double loss = 0;
            for (int i = 0; i < outputs.length; i++) {
                int sign = label[0] == first + i ? 1 : -1;
                double shortfall = 1 - (double) sign * outputs[i];
                delta[i] = shortfall > 0 ? -sign : 0;
                loss += Math.max(shortfall, 0);
            }
            return loss;
        }
    }
}
