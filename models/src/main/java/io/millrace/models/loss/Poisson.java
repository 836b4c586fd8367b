package io.millrace.models.loss;

import io.millrace.models.Target;
import io.millrace.models.program.Head;
import io.millrace.models.program.HeadKernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Script;
import io.millrace.models.program.Site;
import io.millrace.models.spec.Term;

/**
 * For counts: half the Poisson deviance, with the logarithm of the predicted mean as the network's output. A negative
 * label has no loss, and nothing is learnt from it.
 *
 * <p>It is PyTorch's {@code PoissonNLLLoss} plus a term of the label alone, so that a perfect prediction costs 0.
 *
 * @see "P. McCullagh, J. A. Nelder, Generalized Linear Models, 1989, section 2.3"
 */
@Term(value = "poisson", about = "Half the Poisson deviance: predicts the mean of a count.")
public record Poisson() implements Loss {
    @Override
    public Head compile(Target target, Site site) {
        if (!(target instanceof Target.Value)) {
            throw new IllegalArgumentException(
                    "poisson needs a value to predict, and the label is a class: use cross-entropy");
        }
        return new LogMean();
    }

    private record LogMean() implements Head {
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
            return script.let("torch.exp(" + outputs + ")");
        }

        @Override
        public String lossScript(Script script, String outputs, String label) {
            String output = script.let(outputs + ".squeeze(1)");
            String given = script.let(label + ".squeeze(1)");
            String count = script.let("torch.where(" + given + " > 0., " + given + ", 1.)");
            String ratio = script.let(output + " - torch.log(" + count + ")");
            String some = script.let(count + " * (torch.expm1(" + ratio + ") - " + ratio + ")");
            String none = script.let("torch.where(" + given + " == 0., torch.exp(" + output + "), nan)");
            String loss = script.let("torch.where(" + given + " > 0., " + some + ", " + none + ")");
            script.derive(
                    loss,
                    slope -> script.slope(
                            outputs,
                            "torch.unsqueeze((torch.exp(" + output + ") - " + given + ") * " + slope + ", 1)"));
            return loss;
        }
    }

    private record Arithmetic() implements HeadKernel {
        @Override
        public void scores(float[] row, float[] outputs, float[] scores) {
            scores[0] = (float) Math.exp(outputs[0]);
        }

        @Override
        public double loss(float[] row, float[] outputs, float[] label, float[] delta) {
            double mean = Math.exp(outputs[0]);
            double count = label[0];
            delta[0] = (float) (mean - count);
            if (count > 0) {
                double ratio = outputs[0] - Math.log(count); // of mean and label, as a logarithm
                return count * (Math.expm1(ratio) - ratio);
            }
            return count == 0 ? mean : Double.NaN;
        }
    }
}
