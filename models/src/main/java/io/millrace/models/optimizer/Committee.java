package io.millrace.models.optimizer;

import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range.Section;
import java.util.function.Consumer;

/**
 * How the learners of {@link Auto}, its members, predict together, and which of them begin anew. Each has a part of the
 * row; all parts have one layout. Immutable; allocates nothing.
 *
 * <p>A member's losses are summed, and fade over {@value #FADING} events. Its weight falls exponentially with the share
 * by which its sum exceeds the least, so that the unit of the loss does not matter. What is weighted is the outputs of
 * the networks: as every loss is convex in them, the loss of their mean is at most the mean of the losses.
 *
 * <p>The first {@value #FIXED} members keep what they are, whatever the stream was like lately. The others explore:
 * every {@value #REVIEW} updates the worst of them, if its weight is below an even share, becomes a copy of the best
 * member, at three times or a third of its rate. Any member whose step was refused while another's was taken, or whose
 * losses have run away by then, becomes a copy of the best, too, but takes its own kind of step at a third of its own
 * rate.
 *
 * @see "N. Cesa-Bianchi, G. Lugosi, Prediction, Learning, and Games, 2006, sections 2.1 and 2.11"
 * @see "M. Jaderberg et al., Population Based Training of Neural Networks, 2017, section 3"
 */
public final class Committee {
    /** Events over which losses fade to 1/e. */
    static final int FADING = 200;

    /** By how many e-folds the weight of a member with twice the loss is smaller. */
    static final int SHARPNESS = 30;

    /** Updates between two looks at who is worst. */
    static final int REVIEW = 500;

    /** Members that never become copies of another kind. */
    static final int FIXED = 2;

    /** Factor between neighbouring rates. */
    static final float STRIDE = 3;

    /** Losses have run away if they are so many times the least, and above 1 in the mean. */
    static final float RUNAWAY = 10;

    /** What is left of the sum of losses after an event. */
    static final float KEPT = 1 - 1f / FADING;

    /** Sums of losses stop here. */
    static final float MOST_LOSS = 1e30f;

    /** Below this, a sum of losses counts as no less. */
    static final float LEAST_LOSS = 1e-30f;

    static final float LEAST_RATE = 1e-6f;

    static final float MOST_RATE = 10;

    private final int members;
    private final int width;
    private final int memory;
    private final int buffers;
    private final int counters;

    /** @param member the layout of one member's part */
    public Committee(int members, Layout member) {
        this.members = members;
        width = member.width();
        memory = member.at(member.find(Auto.MEMORY).orElseThrow());
        buffers = member.start(Section.BUFFERS);
        counters = member.start(Section.COUNTERS);
    }

    /** The same as TorchScript. */
    public CommitteeScript script(Consumer<String> statements) {
        return new CommitteeScript(members, memory, memory - buffers, counters, statements);
    }

    /** How many members there are. */
    public int members() {
        return members;
    }

    private int at(int member, int field) {
        return member * width + memory + field;
    }

    private float loss(float[] row, int member) {
        return row[at(member, Auto.LOSS)];
    }

    /**
     * How much each member counts in a prediction.
     *
     * @param updates how many the row has had; over the first {@value #FADING} weights part slowly
     * @param weights [members], overwritten; they sum to 1
     */
    public void weights(float[] row, long updates, double[] weights) {
        float least = loss(row, best(row));
        double sharpness = SHARPNESS * Math.min(1, updates / (double) FADING) / Math.max(least, LEAST_LOSS);
        double sum = 0;
        for (int member = 0; member < members; member++) {
            weights[member] = Math.exp(-sharpness * (loss(row, member) - least));
            sum += weights[member];
        }
        for (int member = 0; member < members; member++) {
            weights[member] /= sum;
        }
    }

    /**
     * Takes note of an event that at least one member has learnt.
     *
     * @param losses [members], each times the weight of the event; NaN where the step was refused
     * @param weights [members], in the prediction of the event
     * @param update number of the update, the first is 1
     * @param draw fixes the random choices of this update
     */
    public void learnt(float[] row, double[] losses, double[] weights, long update, long draw) {
        for (int member = 0; member < members; member++) {
            double sum = Math.min(MOST_LOSS, loss(row, member) * (double) KEPT + losses[member]);
            row[at(member, Auto.LOSS)] = Double.isNaN(sum) ? Float.POSITIVE_INFINITY : (float) sum; // for now
        }
        int best = best(row);
        boolean review = update % REVIEW == 0;
        int exploring = review ? worstExplorer(row) : best;
        for (int member = 0; member < members; member++) {
            if (member == best) {
                continue;
            }
            if (Double.isNaN(losses[member]) || (review && hasRunAway(row, member, best))) {
                retreat(row, member, best);
            } else if (member == exploring && weights[member] * members < 1) {
                explore(row, member, best, Noise.at(draw, member));
            }
        }
    }

    /** The member with the least losses; of several the first. */
    private int best(float[] row) {
        int best = 0;
        for (int member = 1; member < members; member++) {
            best = loss(row, member) < loss(row, best) ? member : best;
        }
        return best;
    }

    /** The member that is not fixed with the greatest losses, of several the first; no member if all are fixed. */
    private int worstExplorer(float[] row) {
        int worst = FIXED;
        for (int member = FIXED + 1; member < members; member++) {
            worst = loss(row, member) > loss(row, worst) ? member : worst;
        }
        return worst;
    }

    private boolean hasRunAway(float[] row, int member, int best) {
        return loss(row, member) > RUNAWAY * loss(row, best) && loss(row, member) > FADING;
    }

    private void retreat(float[] row, int member, int best) {
        float rate = row[at(member, Auto.RATE)];
        float adaptive = row[at(member, Auto.ADAPTIVE)];
        copy(row, best, member);
        if (row[at(best, Auto.ADAPTIVE)] != adaptive) { // whose slots are not for this kind
            row[at(member, Auto.UPDATES)] = 0;
            row[at(member, Auto.ADAPTIVE)] = adaptive;
        }
        row[at(member, Auto.RATE)] = Math.max(rate / STRIDE, LEAST_RATE);
    }

    private void explore(float[] row, int member, int best, long word) {
        float rate = row[at(best, Auto.RATE)];
        copy(row, best, member);
        boolean faster = (word & 1) == 0;
        row[at(member, Auto.RATE)] = faster ? Math.min(rate * STRIDE, MOST_RATE) : Math.max(rate / STRIDE, LEAST_RATE);
    }

    private void copy(float[] row, int from, int to) {
        System.arraycopy(row, from * width, row, to * width, counters);
    }
}
