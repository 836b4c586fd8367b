package io.millrace.models.djl;

import io.millrace.models.Program;
import io.millrace.models.program.Script;

/**
 * One row for all samples: it learns from the mean of their gradients, and a buffer takes the mean (or the least, or
 * the most) of what each would have stored.
 *
 * <p>The row is taken on only if every sample is sound, as a gradient that is not finite spoils the mean: whoever calls
 * withdraws the others and calls again. The status of a sample says what it is by itself.
 */
final class BatchSteps extends StepScript {
    BatchSteps(Program program) {
        super(program);
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
        return "torch.sum(torch.where(learn, " + loss
                + ", 0.), [0], True) / torch.clamp(torch.sum(learn.float()), min=1.)";
    }

    @Override
    String total(String loss) {
        add("count = torch.clamp(torch.sum(learn.float()), min=1.)");
        return "torch.sum(torch.where(learn, " + loss + " * weight, 0.)) / count";
    }

    @Override
    void judge() {
        add("gentle = torch.linalg_vector_norm(pull, 2, [1]) * count <= " + Program.LARGEST_GRADIENT);
        add("sound = finite & torch.isfinite(loss) & gentle");
        add("learnt = small & torch.all(sound) & torch.any(learn)");
    }

    @Override
    String fold(String old, Script.Stored stored) {
        String value = stored.value();
        return switch (stored.fold()) {
            case MEAN -> "torch.sum(torch.where(torch.unsqueeze(learn, 1), " + value + ", 0.), [0], True) / count";
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
    String previous() {
        add("place = torch.where(known, torch.arange(1, n + 1, dtype=4, device=label.device), 0)");
        add("before = torch.cat([torch.zeros_like(index), torch.cummax(place, 0)[0][0:n - 1]])");
        return "torch.index_select(torch.cat([torch.where(labels > 0., last, nan), truth]), 0, before)";
    }

    @Override
    String latest() {
        add("end = torch.amax(place, [0], True)");
        return "torch.index_select(torch.cat([last, truth]), 0, end), torch.where(end > 0, 1., labels)";
    }
}
