package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/** Two classes from one output: the log-odds of class 1. Finite for every finite output. */
record Logistic() implements Head {
    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic();
    }

    @Override
    public String scoresScript(Script script, String outputs) {
        return script.let("torch.sigmoid(torch.cat([-" + outputs + ", " + outputs + "], 1))");
    }

    @Override
    public String lossScript(Script script, String outputs, String label) {
        return script.let("-torch.log_sigmoid(" + outputs + ".squeeze(1) * (" + label + " * 2. - 1.))");
    }

    private record Arithmetic() implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = (float) sigmoid(-outputs[0]);
            scores[1] = (float) sigmoid(outputs[0]);
        }

        @Override
        public double loss(float[] row, float[] outputs, float label, float[] delta) {
            double logOdds = outputs[0];
            delta[0] = (float) (sigmoid(logOdds) - label);
            return Math.max(logOdds, 0) - logOdds * label + Math.log1p(Math.exp(-Math.abs(logOdds)));
        }

        private static double sigmoid(double logOdds) {
            return 1 / (1 + Math.exp(-logOdds));
        }
    }
}
