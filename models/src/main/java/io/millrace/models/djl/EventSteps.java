package io.millrace.models.djl;

import io.millrace.models.Program;
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
    String total(String loss) {
        return "torch.sum(" + loss + " * weight)";
    }

    @Override
    void judge() {
        add("sound = torch.isfinite(loss) & small");
        add("learnt = tried & sound");
    }

    @Override
    String fold(String old, Script.Stored stored) {
        String value = stored.value();
        return stored.fold() == Fold.MEAN
                ? value
                : "torch.where(torch.isnan(" + value + "), " + old + ", " + value + ")";
    }

    @Override
    String previous() {
        return "torch.where(labels > 0., last, nan)";
    }

    @Override
    String latest() {
        return "torch.where(known, truth, last), torch.where(known, 1., labels)";
    }
}
