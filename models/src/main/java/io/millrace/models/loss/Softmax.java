package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/**
 * An output per class: unnormalized log-probabilities. Finite for all finite outputs.
 *
 * @param smoothing share of a label that is spread over all classes
 */
record Softmax(int outputs, float smoothing) implements Head {
    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic(outputs, 1 - smoothing, smoothing / outputs);
    }

    @Override
    public String scoresScript(Script script, String logits) {
        return script.let("torch.softmax(" + logits + ", 1)");
    }

    @Override
    public String lossScript(Script script, String logits, String label) {
        String index = script.let(label + ".long().unsqueeze(1)");
        String logs = script.let("torch.log_softmax(" + logits + ", 1)");
        String own = script.let("-torch.gather(" + logs + ", 1, " + index + ").squeeze(1)");
        return smoothing == 0
                ? own
                : script.let(own + " * " + (1 - smoothing) + " - torch.mean(" + logs + ", [1]) * " + smoothing);
    }

    /**
     * @param own share of a label that its class keeps
     * @param each share that every class gets
     */
    private record Arithmetic(int outputs, float own, float each) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] logits, float[] scores) {
            float largest = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            double sum = 0;
            for (int i = 0; i < outputs; i++) {
                scores[i] = (float) Math.exp(logits[i] - largest);
                sum += scores[i];
            }
            for (int i = 0; i < outputs; i++) {
                scores[i] = (float) (scores[i] / sum);
            }
        }

        @Override
        public double loss(float[] row, float[] logits, float label, float[] delta) {
            scores(row, logits, delta);
            float largest = Float.NEGATIVE_INFINITY;
            for (float logit : logits) {
                largest = Math.max(largest, logit);
            }
            double sum = 0;
            double shared = 0;
            for (int i = 0; i < outputs; i++) {
                sum += Math.exp(logits[i] - largest);
                shared += each * logits[i];
                delta[i] -= each;
            }
            delta[(int) label] -= own;
            return Math.log(sum) + largest - own * logits[(int) label] - shared;
        }
    }
}
