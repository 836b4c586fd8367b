package io.millrace.models.djl;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.program.Script;
import io.millrace.models.program.Script.Fold;

/** A row for each sample: every one learns on its own, and a refused sample concerns no other. */
sealed class EventSteps extends StepScript permits CommitteeSteps {
    EventSteps(Program program) {
        super(program);
    }

    @Override
    boolean shared() {
        return false;
    }

    @Override
    void spread() {}

    @Override
    String heard(String loss) {
        return loss;
    }

    @Override
    String fold(String old, Script.Stored stored) {
        String value = stored.value();
        return stored.fold() == Fold.MEAN
                ? value
                : "torch.where(torch.isnan(" + value + "), " + old + ", " + value + ")";
    }

    @Override
    void reportPrediction() {
        add("finite = torch.all(torch.isfinite(scores), 1)");
        add("status = torch.where(finite, " + code(Status.PREDICTED) + ", " + code(Status.REFUSED_SCORES) + ")");
        add("taken = torch.zeros_like(truth)");
        outcome("torch.full_like(truth, nan)");
        remember();
    }

    @Override
    void report() {
        add("finite = torch.all(torch.isfinite(scores), 1)");
        add("tried = learn & finite");
        add("small = norm <= " + Program.LARGEST_GRADIENT);
        judge();
        add("judged = torch.where(tried, torch.where(sound, " + code(Status.LEARNT) + ", " + code(Status.REFUSED_STEP)
                + "), " + code(Status.PREDICTED) + ")");
        add("status = torch.where(finite, judged, " + code(Status.REFUSED_SCORES) + ")");
        add("taken = learnt.float()");
        outcome("torch.where(tried, loss, nan)");
    }

    /**
     * Decides which samples are {@code sound} and which rows have {@code learnt}, by {@code loss}, the {@code losses} of
     * the networks, {@code tried} (finite scores, and to be learnt from), and whether the gradient is {@code small}
     * enough.
     */
    void judge() {
        add("sound = torch.isfinite(loss) & small");
        add("learnt = tried & sound");
    }

    private static String code(Status status) {
        return STATUSES.indexOf(status) + ".";
    }

    private void outcome(String loss) {
        add("shown = " + loss);
        add("known = labelled & finite");
        add("previous = torch.where(labels > 0., last, nan)");
        add("columns = torch.broadcast_tensors([shown, previous, low, high, status, taken])");
        add("outcome = torch.cat([scores, torch.stack(columns, 1)" + watched() + "], 1)");
    }

    private String watched() {
        OnDrift.Places drift = program().drift();
        return drift == null
                ? ""
                : ", " + columns("c", drift.memory().offset(), drift.memory().length());
    }

    @Override
    void write() {
        store();
        remember();
    }

    private void remember() {
        add("now = torch.stack([torch.where(known, truth, last), torch.where(known, 1., labels)], 1)");
        add("_ = torch.index_copy_(" + columns("slab", program().lastLabelAt(), 2) + ", 0, index, now)");
    }
}
