package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Term;

/**
 * Kullback-Leibler divergence of the predicted probabilities from the label's, in nats: {@code sum q ln(q / p)}.
 *
 * <p>It is the cross-entropy less the label's entropy: the gradient is the same, but a perfect prediction of a soft
 * label costs 0. Of a label that is one class both are equal. Direction as in PyTorch's {@code KLDivLoss}, where the
 * label comes first.
 *
 * @see "S. Kullback, R. A. Leibler, On Information and Sufficiency, 1951"
 */
@Term(value = "kl-divergence", about = "Kullback-Leibler divergence of the prediction from the label, in nats.")
public record KlDivergence() implements Loss {
    @Override
    public Head compile(Target target, Site site) {
        Head crossEntropy = CrossEntropy.classifier("kl-divergence", target, 0);
        return target instanceof Target.Distribution ? new Excess(crossEntropy) : crossEntropy;
    }

    /** A cross-entropy beyond the entropy of soft labels. */
    private record Excess(Head crossEntropy) implements Head {
        @Override
        public int outputs() {
            return crossEntropy.outputs();
        }

        @Override
        public HeadKernel kernel(Layout layout) {
            return new Arithmetic(crossEntropy.kernel(layout));
        }

        @Override
        public String scoresScript(Script script, String outputs) {
            return crossEntropy.scoresScript(script, outputs);
        }

        @Override
        public String lossScript(Script script, String outputs, String label) {
            String entropy = script.let("-torch.sum(torch.xlogy(" + label + ", " + label + "), [1])");
            String likelihood = crossEntropy.lossScript(script, outputs, label);
            String loss = script.let(likelihood + " - " + entropy);
            script.derive(loss, slope -> script.slope(likelihood, slope));
            return loss;
        }
    }

    private record Arithmetic(HeadKernel crossEntropy) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            crossEntropy.scores(row, outputs, scores);
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            double loss = crossEntropy.loss(row, outputs, label, delta);
            for (float share : label) {
                loss += share > 0 ? share * Math.log(share) : 0;
            }
            return loss;
        }
    }
}
