package io.millrace.models.djl;

import io.millrace.models.Program;
import io.millrace.models.optimizer.Committee;
import io.millrace.models.optimizer.CommitteeScript;
import io.millrace.models.program.Head;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;
import io.millrace.models.program.Script.Purpose;
import java.util.Objects;
import java.util.function.Function;

/**
 * A row for each sample, of several members: what learns, to the networks, are n * members rows, the parts of whole
 * rows; every sample is seen by all members of its row, and their outputs are put together.
 *
 * <p>A member whose step is refused while another's is taken becomes a copy of another, and the sample is learnt.
 */
final class CommitteeSteps extends EventSteps {
    /** Begins the names of what concerns all members of a row together. */
    private static final String TOGETHER = "a";

    private final Committee committee;
    private final Head head;

    CommitteeSteps(Program program) {
        super(program);
        committee = Objects.requireNonNull(program.committee());
        head = program.head();
    }

    private CommitteeScript committee(Script script) {
        return committee.script(script::add);
    }

    private void weigh() {
        committee.script(this::add).weigh("high.double() * " + Program.LOW + ". + low.double()");
    }

    @Override
    void look() {
        int members = committee.members();
        add("parts = slab.view([-1, " + program().member().width() + "])");
        add("member = torch.arange(" + members + ", dtype=4, device=slab.device)");
        add("seats = (torch.unsqueeze(index * " + members + ", 1) + member).flatten()");
        add("p = torch.index_select(" + section("parts", Section.PARAMETERS) + ", 0, seats)");
        add("b = torch.index_select(" + section("parts", Section.BUFFERS) + ", 0, seats)");
        add("features = " + perMember("features"));
        weigh();
    }

    @Override
    void open() {
        add("row = whole.view([-1, " + program().member().width() + "])");
    }

    @Override
    void widen() {
        weigh();
        add("told = label");
        add("dice = drawn");
        add("features = " + perMember("features"));
        add("label = " + perMember("label"));
        add("weight = " + perMember("torch.unsqueeze(weight, 1)") + ".flatten()");
        add("drawn = " + perMember("torch.unsqueeze(drawn, 1)") + ".flatten()");
    }

    /** Rows [n, width] of samples, once for each member: [n * members, width]. */
    private String perMember(String tensor) {
        return "torch.flatten(torch.unsqueeze(" + tensor + ", 1).expand([-1, " + committee.members() + ", -1]), 0, 1)";
    }

    @Override
    String scores(Script script, String outputs) {
        committee(script).mix(outputs, head.outputs());
        return together(script, first -> head.scoresScript(first, "mixed"));
    }

    @Override
    String loss(Script script, String outputs, String losses) {
        if (program().stochastic()) { // learns from other outputs than those that were predicted with
            committee(script).mix(outputs, head.outputs());
        }
        return together(script, first -> head.lossScript(first, "mixed", "told"));
    }

    /** Writes what concerns all members: what a loss knows of labels, all know alike, so the first is asked. */
    private String together(Script script, Function<Script, String> what) {
        for (String tensor : new String[] {"p", "b"}) {
            script.add(TOGETHER + tensor + " = torch.slice(" + tensor + ", 0, 0, torch.size(" + tensor + ", 0), "
                    + committee.members() + ")");
        }
        Script first = new Script(Purpose.PREDICT, false, program().member(), TOGETHER);
        String name = what.apply(first);
        first.statements().forEach(script::add);
        return script.let(name); // the names before are given again
    }

    @Override
    void judge() {
        add("steady = (torch.isfinite(losses) & small & sane).view([-1, " + committee.members() + "])");
        add("sound = torch.any(steady, 1) & torch.isfinite(loss)");
        add("learnt = tried & sound");
    }

    @Override
    void close() {
        CommitteeScript script = committee.script(this::add);
        script.learnt("steady", "(losses * weight).view([-1, " + committee.members() + "])");
        script.move("dice", Noise.STRIDE);
        add("c = " + section("whole", Section.COUNTERS));
    }
}
