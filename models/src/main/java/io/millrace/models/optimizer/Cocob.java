package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.List;

/**
 * Bets on the sign of each parameter's gradient and learns without a learning rate: a parameter is where it started,
 * plus the share of the winnings so far that its gradients, summed, say to bet.
 *
 * <p>As in the paper, but that a parameter whose gradients were all zero stays where it is. It follows from its slots:
 * whoever moves it otherwise, as {@code reset} does not, is overruled. The shares shrink with the sum of all gradients,
 * so that a model slowly goes deaf to drift.
 *
 * @see "F. Orabona, T. Tommasi, Training Deep Networks without Learning Rates Through Coin Betting, 2017, algorithm 2"
 */
@Term(value = "cocob", about = "Bets on each gradient's sign; has no learning rate.")
public record Cocob(
        @Setting(value = "Keeps the first steps small: they are this part of 1.", byDefault = "100.0", atLeast = 1)
        double alpha)
        implements Optimizer {
    private static final int START = 0; // where the parameter was before its first gradient
    private static final int LARGEST = 1; // gradient so far, in size
    private static final int SIZES = 2; // of all gradients, summed
    private static final int REWARD = 3; // what bets have won, never below 0
    private static final int SUM = 4; // of all gradients, downhill

    public Cocob {
        Settings.check(Cocob.class, alpha);
    }

    @Override
    public List<String> slots() {
        return List.of("start", "largest", "sizes", "reward", "sum");
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(
                (float) alpha,
                layout.slot(START),
                layout.slot(LARGEST),
                layout.slot(SIZES),
                layout.slot(REWARD),
                layout.slot(SUM));
    }

    @Override
    public void script(Tensors tensors) {
        String down = tensors.let(Tiny.flush("-g", Tiny.MEAN));
        String size = tensors.let("torch.abs(" + down + ")");
        String start = tensors.let("torch.where(" + tensors.slot(LARGEST) + " > 0., " + tensors.slot(START) + ", p)");
        String largest = tensors.let("torch.maximum(" + tensors.slot(LARGEST) + ", " + size + ")");
        String sizes = tensors.let(tensors.slot(SIZES) + " + " + size);
        String won = tensors.let(Tiny.flush("(p - " + start + ") * " + down, Tiny.SQUARE));
        String reward = tensors.let("torch.relu(" + tensors.slot(REWARD) + " + " + won + ")");
        String sum = tensors.let(tensors.slot(SUM) + " + " + down);
        tensors.slot(START, tensors.let("torch.where(" + largest + " > 0., " + start + ", 0.)"));
        tensors.slot(LARGEST, largest);
        tensors.slot(SIZES, sizes);
        tensors.slot(REWARD, reward);
        tensors.slot(SUM, sum);
        String known = tensors.let("torch.where(" + largest + " > 0., " + largest + ", 1.)");
        String most = "torch.maximum(" + sizes + " + " + known + ", " + known + " * " + alpha + ")";
        tensors.parameters(
                tensors.let(start + " + " + sum + " / " + most + " * (" + reward + " / " + known + " + 1.)"));
    }

    private record Step(float alpha, int starts, int largests, int sizes, int rewards, int sums) implements Descent {
        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            for (int i = 0; i < count; i++) {
                int place = at + i;
                float down = Tiny.flush(-scale * gradient[from + i], Tiny.MEAN);
                float before = row[largests + place];
                float largest = Math.max(before, Math.abs(down));
                if (largest > 0) {
                    float start = before > 0 ? row[starts + place] : row[place];
                    float won = Tiny.flush((row[place] - start) * down, Tiny.SQUARE);
                    float reward = Math.max(row[rewards + place] + won, 0);
                    float sum = row[sums + place] + down;
                    row[starts + place] = start;
                    row[largests + place] = largest;
                    row[sizes + place] += Math.abs(down);
                    row[rewards + place] = reward;
                    row[sums + place] = sum;
                    float most = Math.max(row[sizes + place] + largest, alpha * largest);
                    row[place] = start + sum / most * (reward / largest + 1);
                }
            }
        }
    }
}
