package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/**
 * An output per class: unnormalized log-probabilities. Finite for all finite outputs.
 *
 * @param shares what a label says of each class
 */
record Softmax(Shares shares) implements Head {
    @Override
    public int outputs() {
        return shares.classes();
    }

    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic(shares);
    }

    @Override
    public String scoresScript(Script script, String logits) {
        return script.let("torch.softmax(" + logits + ", 1)");
    }

    @Override
    public String lossScript(Script script, String logits, String label) {
        String logs = script.let("torch.log_softmax(" + logits + ", 1)");
        String share = shares.script(script, label);
        String loss = script.let("-torch.sum(" + logs + " * " + share + ", [1])");
        script.derive(
                loss,
                slope -> script.slope(
                        logits, "(torch.exp(" + logs + ") - " + share + ") * torch.unsqueeze(" + slope + ", 1)"));
        return loss;
    }

    private record Arithmetic(Shares shares) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] logits, float[] scores) {
            float largest = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                scores[i] = (float) Math.exp(logits[i] - largest);
                sum += scores[i];
            }
            for (int i = 0; i < logits.length; i++) {
                scores[i] = (float) (scores[i] / sum);
            }
        }

        @Override
        public double loss(float[] row, float[] logits, float[] label, float[] delta) {
            scores(row, logits, delta);
            float largest = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            double sum = 0;
            double expected = 0; // logit under the label
            for (int i = 0; i < logits.length; i++) {
                float share = shares.of(label, i);
                sum += Math.exp(logits[i] - largest);
                expected += (double) share * logits[i];
                delta[i] -= share;
            }
            return Math.log(sum) + largest - expected;
        }
    }
}
