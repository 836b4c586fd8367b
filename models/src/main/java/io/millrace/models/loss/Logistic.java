package io.millrace.models.loss;

import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;

/**
 * Two classes from one output: the log-odds of class 1. Finite for every finite output.
 *
 * @param shares what a label says of the two classes
 */
record Logistic(Shares shares) implements Head {
    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public HeadKernel kernel(Layout layout) {
        return new Arithmetic(shares);
    }

    @Override
    public String scoresScript(Script script, String outputs) {
        String logOdds = script.let("torch.cat([-" + outputs + ", " + outputs + "], 1).double()");
        return script.let("torch.sigmoid(" + logOdds + ").type_as(" + outputs + ")");
    }

    @Override
    public String lossScript(Script script, String outputs, String label) {
        String logOdds =
                script.let(outputs + ".squeeze(1).double()"); // in floats, bits depend on the place in a tensor
        String share = script.let(shares.script(script, label) + "[:, 1]");
        String one = script.let("torch.log_sigmoid(" + logOdds + ") * " + share);
        String loss = script.let("torch.log_sigmoid(-" + logOdds + ") * (" + share + " - 1.) - " + one);
        String rounded = script.let(loss + ".type_as(" + outputs + ")");
        script.derive(
                rounded,
                slope -> script.slope(
                        outputs,
                        "torch.unsqueeze(((torch.sigmoid(" + logOdds + ") - " + share + ") * " + slope + ").type_as("
                                + outputs + "), 1)"));
        return rounded;
    }

    private record Arithmetic(Shares shares) implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = (float) sigmoid(-outputs[0]);
            scores[1] = (float) sigmoid(outputs[0]);
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            double logOdds = outputs[0];
            double share = shares.of(label, 1);
            delta[0] = (float) (sigmoid(logOdds) - share);
            return Math.max(logOdds, 0) - logOdds * share + Math.log1p(Math.exp(-Math.abs(logOdds)));
        }

        private static double sigmoid(double logOdds) {
            return 1 / (1 + Math.exp(-logOdds));
        }
    }
}
