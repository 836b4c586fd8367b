package io.millrace.models.djl;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;
import io.millrace.models.program.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a program's step over the rows of many keys as the source of a TorchScript class.
 *
 * <p>Its method {@code forward(samples, index, slab, rows, gradient)} predicts the samples [n, {@link #sampleWidth}]
 * with the rows of the slab [slots + 1, width] at index [n], int64, all different, and learns from them; {@code
 * predict(samples, index, slab)} only predicts. Both return what came of the samples [n, {@link #outcomeWidth}]. Rows
 * that have learnt are written back; all others go to the slab's last row, which is nobody's. No value decides what
 * runs next, so a device never waits for its host. Rows and gradient are room for n or more; the first needs grad mode.
 *
 * <p>Columns of a sample: the features, the label, 1 if the label is known, 1 to learn, weight. Columns of an outcome:
 * the scores, loss, previous label, low and high part of the version, code of the status.
 */
final class StepScript {
    /** Name of the class. */
    static final String TYPE = "Step";

    /** Columns of an outcome behind the scores. */
    static final int OUTCOME_COLUMNS = 5;

    /** What the code of a status means. */
    static final List<Status> STATUSES = List.of(Status.values());

    private static final int SAMPLE_COLUMNS = 3; // behind features and label
    private static final String INDENT = "\n    ";

    private final Program program;
    private final Layout layout;
    private final List<String> statements = new ArrayList<>();

    private StepScript(Program program) {
        this.program = program;
        layout = program.layout();
    }

    /** The source of a program's class. */
    static String of(Program program) {
        return String.format(
                                Locale.ROOT,
                                """
                class %s(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def mix(self: __torch__.%s, word: Tensor) -> Tensor:
                    a = word & %d
                    b = ((a ^ (a >> 16)) * %d) & %d
                    c = ((b ^ (b >> 13)) * %d) & %d
                    return c ^ (c >> 16)
                """,
                                TYPE,
                                TYPE,
                                Noise.WORD,
                                Noise.FIRST,
                                Noise.WORD,
                                Noise.SECOND,
                                Noise.WORD)
                        .stripTrailing()
                + method("predict", "", new StepScript(program).predict())
                + method("forward", ", rows: Tensor, gradient: Tensor", new StepScript(program).learn());
    }

    private static String method(String name, String room, List<String> statements) {
        return "\n  def " + name + "(self: __torch__." + TYPE + ", samples: Tensor, index: Tensor, slab: Tensor" + room
                + ") -> Tensor:" + INDENT + String.join(INDENT, statements) + "\n";
    }

    /** Columns of a sample. */
    static int sampleWidth(Program program) {
        Problem problem = program.problem();
        return problem.inputs().width() + problem.target().labelWidth() + SAMPLE_COLUMNS;
    }

    /** Columns of an outcome. */
    static int outcomeWidth(Program program) {
        return program.problem().target().scores() + OUTCOME_COLUMNS;
    }

    private List<String> predict() {
        gather("p", Section.PARAMETERS);
        gather("b", Section.BUFFERS);
        gather("c", Section.COUNTERS);
        read();
        add("scores = " + predicted());
        add("finite = torch.all(torch.isfinite(scores), 1)");
        add("status = torch.where(finite, " + code(Status.PREDICTED) + ", " + code(Status.REFUSED_SCORES) + ")");
        report("torch.full_like(low, nan)");
        remember();
        add("return outcome");
        return statements;
    }

    /** The columns of a section of the rows that the samples ask for, copied. */
    private void gather(String name, Section section) {
        add(name + " = torch.index_select(" + section("slab", section) + ", 0, index)");
    }

    private List<String> learn() {
        add("n = torch.size(samples, 0)");
        add("row = torch.index_select(slab, 0, index, out=rows[0:n])");
        add("p = " + section("row", Section.PARAMETERS));
        add("b = " + section("row", Section.BUFFERS));
        add("c = " + section("row", Section.COUNTERS));
        read();
        if (program.stochastic()) {
            add("updates = high.long() * " + Program.LOW + " + low.long()");
            add("drawn = self.mix(" + counter(program.saltAt()) + ".long() + updates * " + Noise.STRIDE + ")");
        }
        Script pass = new Script(true, layout);
        String outputs = pass(pass);
        String scores = program.stochastic() ? predicted() : program.head().scoresScript(pass, outputs);
        String loss = program.head().lossScript(pass, outputs, "label");
        layout.find(Schedule.MEMORY)
                .ifPresent(memory -> program.spec().schedule().hear(pass, memory, loss));
        statements.addAll(pass.statements());
        DescentScript descent = new DescentScript(program, pass, statements);
        descent.differentiate("torch.sum(" + loss + " * weight)");
        add("scores = torch.detach(" + scores + ")");
        add("loss = torch.detach(" + loss + ")");
        judge();
        report("torch.where(tried, loss, nan)");
        descent.move();
        pass.stored().forEach((buffer, value) -> {
            int at = layout.at(buffer);
            add("row[:, " + at + ":" + (at + buffer.length()) + "] = " + value);
        });
        count();
        add("_ = torch.index_put_(slab, [torch.where(learnt, index, torch.size(slab, 0) - 1)], row)");
        remember();
        add("return outcome");
        return statements;
    }

    private void add(String statement) {
        statements.add(statement);
    }

    /** Names the columns of the samples and the counters of the rows. */
    private void read() {
        int width = program.problem().inputs().width();
        String features = "samples[:, 0:" + width + "]";
        add("features = "
                + (program.acceptsMissing() ? features : "torch.nan_to_num(" + features + ", 0., inf, -inf)"));
        int end = width + program.problem().target().labelWidth();
        add("label = samples[:, " + width + ":" + end + "]");
        add("labelled = samples[:, " + end + "] > 0.");
        add("learn = samples[:, " + (end + 1) + "] > 0.");
        add("weight = samples[:, " + (end + 2) + "]");
        add("low = " + counter(program.updatesAt()));
        add("high = " + counter(program.updatesAt() + 1));
        add("last = " + counter(program.lastLabelAt()));
        add("labels = " + counter(program.lastLabelAt() + 1));
    }

    private String section(String rows, Section section) {
        int start = layout.start(section);
        return rows + "[:, " + start + ":" + (start + layout.length(section)) + "]";
    }

    private String counter(int at) {
        return "c[:, " + (at - layout.start(Section.COUNTERS)) + "]";
    }

    private String predicted() {
        Script predicting = new Script(false, layout);
        String scores = program.head().scoresScript(predicting, pass(predicting));
        statements.addAll(predicting.statements());
        return scores;
    }

    /** The outputs of the network. */
    private String pass(Script script) {
        String value = "features";
        for (int s = 0; s < program.stages().size(); s++) {
            Stage stage = program.stages().get(s);
            if (script.learning() && stage.stochastic()) {
                script.add("draw = self.mix(drawn + " + s * Noise.STRIDE + ")");
            }
            value = stage.script(script, value);
        }
        return value;
    }

    /** Decides for every row whether it learns. */
    private void judge() {
        add("finite = torch.all(torch.isfinite(scores), 1)");
        add("small = norm <= " + Program.LARGEST_GRADIENT);
        add("tried = learn & finite");
        add("learnt = tried & torch.isfinite(loss) & small");
        add("judged = torch.where(tried, torch.where(learnt, " + code(Status.LEARNT) + ", " + code(Status.REFUSED_STEP)
                + "), " + code(Status.PREDICTED) + ")");
        add("status = torch.where(finite, judged, " + code(Status.REFUSED_SCORES) + ")");
    }

    private static String code(Status status) {
        return STATUSES.indexOf(status) + ".";
    }

    private void report(String loss) {
        add("shown = " + loss);
        add("previous = torch.where(labels > 0., last, nan)");
        add("outcome = torch.cat([scores, torch.stack([shown, previous, low, high, status], 1)], 1)");
    }

    /** Counts the update. */
    private void count() {
        add("counted = low + 1.");
        add("carried = counted >= " + Program.LOW + ".");
        add(counter(program.updatesAt() + 1) + " = torch.where(carried, high + 1., high)");
        add(counter(program.updatesAt()) + " = torch.where(carried, 0., counted)");
    }

    /** Writes the last label, which every row keeps. */
    private void remember() {
        int at = program.lastLabelAt();
        boolean soft = program.problem().target().labelWidth() > 1;
        add("truth = " + (soft ? "torch.argmax(label, 1).float()" : "label[:, 0]"));
        add("known = labelled & finite");
        add("now = torch.stack([torch.where(known, truth, last), torch.where(known, 1., labels)], 1)");
        add("_ = torch.index_copy_(slab[:, " + at + ":" + (at + 2) + "], 0, index, now)");
    }
}
