package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/**
 * Two classes from one output: the log-odds of class 1. Finite for every finite output.
 *
 * @param smoothing share of a label that is spread over both classes
 */
record Logistic(float smoothing) implements Head {
    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic(smoothing);
    }

    @Override
    public String scoresScript(Script script, String outputs) {
        return script.let("torch.sigmoid(torch.cat([-" + outputs + ", " + outputs + "], 1))");
    }

    @Override
    public String lossScript(Script script, String outputs, String label) {
        String logOdds = script.let(outputs + ".squeeze(1)");
        String share = script.let(label + " * " + (1 - smoothing) + " + " + smoothing / 2);
        String one = script.let("torch.log_sigmoid(" + logOdds + ") * " + share);
        return script.let("torch.log_sigmoid(-" + logOdds + ") * (" + share + " - 1.) - " + one);
    }

    private record Arithmetic(float smoothing) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = (float) sigmoid(-outputs[0]);
            scores[1] = (float) sigmoid(outputs[0]);
        }

        @Override
        public double loss(float[] row, float[] outputs, float label, float[] delta) {
            double logOdds = outputs[0];
            double share = label * (1 - smoothing) + smoothing / 2;
            delta[0] = (float) (sigmoid(logOdds) - share);
            return Math.max(logOdds, 0) - logOdds * share + Math.log1p(Math.exp(-Math.abs(logOdds)));
        }

        private static double sigmoid(double logOdds) {
            return 1 / (1 + Math.exp(-logOdds));
        }
    }
}
