package io.millrace.models.djl;

import io.millrace.models.Program;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;

/**
 * One row for all samples: it learns from the mean of their gradients, and a buffer takes the mean (or the least, or
 * the most) of what each would have stored.
 *
 * <p>The row is taken on only if every sample is sound, as a gradient that is not finite spoils the mean: whoever calls
 * withdraws the others and calls again. What a sample's status and the label before it are follows in the batch from
 * what is returned, flat: the scores of all samples; of a step also their losses, the steepness of each (its slope in the
 * outputs, infinite if too large) and that of the row; the row's counters before.
 */
final class BatchSteps extends StepScript {
    /** Makes a gradient that is too large infinite. */
    static final float OVERFLOW = (float) (Float.MAX_VALUE / Program.LARGEST_GRADIENT);

    BatchSteps(Program program) {
        super(program);
    }

    /** How many counters a row has. */
    static int counters(Program program) {
        return program.layout().length(Section.COUNTERS);
    }

    @Override
    boolean shared() {
        return true;
    }

    @Override
    void spread() {
        add("drawn = drawn ^ self.mix(torch.arange(n, dtype=4, device=drawn.device))"); // the first draws as if alone
    }

    @Override
    String heard(String loss) {
        return "torch.sum(torch.where(learn, " + loss + ", 0.), [0], True) / torch.sum(learn.float())";
    }

    @Override
    String fold(String old, Script.Stored stored) {
        String value = stored.value();
        return switch (stored.fold()) {
            case MEAN ->
                "torch.sum(torch.where(torch.unsqueeze(learn, 1), " + value
                        + ", 0.), [0], True) / torch.sum(learn.float())";
            case LEAST -> extreme("torch.amin", "inf", old, value);
            case MOST -> extreme("torch.amax", "-inf", old, value);
        };
    }

    private String extreme(String fold, String none, String old, String value) {
        String known = "torch.unsqueeze(learn, 1) & ~torch.isnan(" + value + ")";
        add("extreme = " + fold + "(torch.where(" + known + ", " + value + ", " + none + "), [0], True)");
        return "torch.where(torch.isinf(extreme), " + old + ", extreme)";
    }

    @Override
    void reportPrediction() {
        add("outcome = torch.cat([torch.flatten(scores), torch.flatten(c)])");
    }

    /** What is too large becomes infinite, so that one look at everything tells whether the row has learnt. */
    @Override
    void report() {
        add("steepness = torch.linalg_vector_norm(pull, 2, [1]) * torch.select(facts, 0, 2)");
        add("outcome = torch.cat([torch.flatten(scores), loss, steepness, norm * " + OVERFLOW + ", torch.flatten(c)])");
        add("learnt = torch.sum(torch.slice(outcome, 0, 0, -" + counters(program()) + ") * 0.) == 0.");
    }

    @Override
    void write() {
        add("_ = " + columns("whole", program().lastLabelAt(), 2) + ".copy_(torch.slice(facts, 0, 0, 2))");
        store();
    }
}
