package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/** An output per class: unnormalized log-probabilities. Finite for all finite outputs. */
record Softmax(int outputs) implements Head {
    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic(outputs);
    }

    @Override
    public String scoresScript(Script script, String logits) {
        return script.let("torch.softmax(" + logits + ", 1)");
    }

    @Override
    public String lossScript(Script script, String logits, String label) {
        String index = script.let(label + ".long().unsqueeze(1)");
        return script.let("-torch.gather(torch.log_softmax(" + logits + ", 1), 1, " + index + ").squeeze(1)");
    }

    private record Arithmetic(int outputs) implements HeadKernel {
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
            for (float logit : logits) {
                sum += Math.exp(logit - largest);
            }
            delta[(int) label] -= 1;
            return Math.log(sum) + largest - logits[(int) label];
        }
    }
}
