package io.millrace.models.optimizer;

import io.millrace.models.program.Range;
import io.millrace.models.program.Script;

/**
 * What {@link Schedule.ReduceOnPlateau} remembers in a row: how many losses its mean is over, that mean, the best mean,
 * how many updates have not been better, and how often the rate has fallen.
 */
record Plateau(Schedule.ReduceOnPlateau settings, int at) implements Paced.Pace {
    /** How many floats it remembers. */
    static final int MEMORY = 5;

    @Override
    public double share(float[] row, long update, double loss) {
        double share = Math.max(settings.least(), Math.pow(settings.factor(), row[at + 4]));
        hear(row, (float) loss);
        return share;
    }

    private void hear(float[] row, float loss) {
        float count = Math.min(row[at] + 1, (float) settings.window());
        float mean = row[at + 1] + (loss - row[at + 1]) / count;
        boolean better = row[at] == 0 || mean < row[at + 2] * (float) (1 - settings.threshold());
        float bad = better ? 0 : row[at + 3] + 1;
        boolean falls = bad > settings.patience();
        row[at] = count;
        row[at + 1] = mean;
        row[at + 2] = better || falls ? mean : row[at + 2];
        row[at + 3] = falls ? 0 : bad;
        row[at + 4] += falls ? 1 : 0;
    }

    /** Hears the losses [rows] in a pass that is learnt from; names the old memory {@code heard} [rows, MEMORY]. */
    static void hear(Schedule.ReduceOnPlateau settings, Script script, Range memory, String loss) {
        script.add("heard = " + script.range(memory));
        String count = script.let("torch.clamp(heard[:, 0] + 1., max=" + (double) settings.window() + ")");
        String mean = script.let("heard[:, 1] + (torch.detach(" + loss + ") - heard[:, 1]) / " + count);
        String better =
                script.let("(heard[:, 0] == 0.) | (" + mean + " < heard[:, 2] * " + (1 - settings.threshold()) + ")");
        String bad = script.let("torch.where(" + better + ", 0., heard[:, 3] + 1.)");
        String falls = script.let(bad + " > " + (double) settings.patience());
        String best = script.let("torch.where(" + better + " | " + falls + ", " + mean + ", heard[:, 2])");
        String left = script.let("torch.where(" + falls + ", 0., " + bad + ")");
        String fallen = script.let("torch.where(" + falls + ", heard[:, 4] + 1., heard[:, 4])");
        script.store(
                memory,
                script.let(
                        "torch.stack([" + count + ", " + mean + ", " + best + ", " + left + ", " + fallen + "], 1)"));
    }
}
