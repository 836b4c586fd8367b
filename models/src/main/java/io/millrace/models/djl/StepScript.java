package io.millrace.models.djl;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;
import io.millrace.models.program.Script.Purpose;
import io.millrace.models.program.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * Writes a program's step as the source of a TorchScript class.
 *
 * <p>Its method {@code forward(samples, index, slab, rows, gradient)} predicts the samples [n, {@link #sampleWidth}]
 * with the rows of the slab [slots + 1, width] at index, int64, and learns from them; {@code predict(samples, index,
 * slab)} only predicts. The index is [n], all different, or [1] if one row learns from all samples together; forward then
 * has a sixth argument, {@link SharedRow#facts}. Both return what came of the samples [n, {@link #outcomeWidth}] or, of one
 * row's, what {@link SharedRow#outcomes} makes that of. Rows that have learnt are written back; all others go to the
 * slab's last row, which is nobody's. No value decides what runs next, so a device never waits for its host. Rows and
 * gradient are room for as many as the index has or more. Grad mode is expected off, and left so.
 * If drift is watched, {@code note(outcomes, index, slab)} stores what the outcomes say that the rows remember of their
 * errors.
 *
 * <p>Columns of a sample: the features, the label, 1 if the label is known, 1 to learn, weight (of samples of one row,
 * divided by how many are learnt from; 0 if it is not). Columns of an outcome:
 * the scores, loss, previous label, low and high part of the version, code of the status, 1 if the row was written;
 * what the row remembers of its errors, if drift is watched.
 */
abstract sealed class StepScript permits EventSteps, BatchSteps {
    /** Name of the class. */
    static final String TYPE = "Step";

    /** Columns of an outcome behind the scores. */
    static final int OUTCOME_COLUMNS = 6;

    /** What the code of a status means. */
    static final List<Status> STATUSES = List.of(Status.values());

    /** How far before the end of a sample it says whether the label is known. */
    static final int LABELLED = 3;

    /** How far before the end of a sample it says whether to learn. */
    static final int LEARN = 2;

    private static final int SAMPLE_COLUMNS = 3; // behind features and label
    private static final String INDENT = "\n    ";

    private final Program program;
    private final Layout layout;
    private final List<String> statements = new ArrayList<>();

    StepScript(Program program) {
        this.program = program;
        layout = program.member();
    }

    /** The source of a program's class. */
    static String of(Program program, Updates updates) {
        return of(program, updates, Purpose.LEARN);
    }

    /** The same, learning by autograd even if the stages can do without. */
    static String of(Program program, Updates updates, Purpose learning) {
        Function<Program, StepScript> step = steps(program, updates);
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
                + step.apply(program).methods(learning);
    }

    private static Function<Program, StepScript> steps(Program program, Updates updates) {
        if (program.members() == 1) {
            return updates == Updates.PER_EVENT ? EventSteps::new : BatchSteps::new;
        }
        if (updates == Updates.PER_BATCH) {
            throw new IllegalArgumentException("updates per batch need one learner per key, and optimizer auto has "
                    + program.members() + ": choose another optimizer, or updates per event");
        }
        return CommitteeSteps::new;
    }

    private String methods(Purpose learning) {
        String room = ", rows: Tensor, gradient: Tensor" + (shared() ? ", facts: Tensor" : "");
        String methods = method("predict", "", predict()) + method("forward", room, learn(learning));
        return program.drift() == null ? methods : methods + method("note", "", note());
    }

    private String method(String name, String room, List<String> body) {
        String method =
                "\n  def " + name + "(self: __torch__." + TYPE + ", samples: Tensor, index: Tensor, slab: Tensor" + room
                        + ") -> Tensor:" + INDENT + String.join(INDENT, body) + "\n";
        statements.clear();
        return method;
    }

    /** Columns of a sample. */
    static int sampleWidth(Program program) {
        Problem problem = program.problem();
        return problem.inputs().width() + problem.target().labelWidth() + SAMPLE_COLUMNS;
    }

    /** Columns of an outcome. */
    static int outcomeWidth(Program program) {
        OnDrift.Places drift = program.drift();
        return program.problem().target().scores()
                + OUTCOME_COLUMNS
                + (drift == null ? 0 : drift.memory().length());
    }

    /** True if one row learns from all samples together. */
    abstract boolean shared();

    /** Names {@code p} and {@code b}, copied, for a pass that only predicts. */
    void look() {
        add("p = torch.index_select(" + section("slab", Section.PARAMETERS) + ", 0, index)");
        add("b = torch.index_select(" + section("slab", Section.BUFFERS) + ", 0, index)");
    }

    /** Names {@code row}, what the networks learn in, of {@code whole}, the rows. */
    void open() {
        add("row = whole");
    }

    /** Has every network see its row's sample. */
    void widen() {}

    /** The scores of a prediction, of the outputs of the networks. */
    String scores(Script script, String outputs) {
        return program.head().scoresScript(script, outputs);
    }

    /** The loss that is shown, of what the networks learn from. */
    String loss(Script script, String outputs, String losses) {
        return losses;
    }

    /** Finishes the rows once every network has moved. */
    void close() {}

    /** Makes {@code drawn} differ between samples. */
    abstract void spread();

    /** An expression [rows] of the loss that a schedule hears of. */
    abstract String heard(String loss);

    /** An expression [rows, length] of the new value of a buffer. */
    abstract String fold(String old, Script.Stored value);

    /** Names {@code outcome}, of {@code scores}, {@code truth} and the counters. */
    abstract void reportPrediction();

    /**
     * Decides which rows have {@code learnt} and names {@code outcome}, of {@code scores}, {@code loss}, the {@code
     * losses} of the networks, the {@code norm} of the gradient, and the gradient {@code pull} [n, outputs] in the
     * networks' outputs.
     */
    abstract void report();

    /** Writes rows that have {@code learnt} to the slab, and the last label, which every row keeps. */
    abstract void write();

    private List<String> predict() {
        add("n = torch.size(samples, 0)");
        add("c = torch.index_select(" + section("slab", Section.COUNTERS) + ", 0, index)");
        read();
        look();
        add("scores = " + predicted());
        reportPrediction();
        add("return outcome");
        return statements;
    }

    private List<String> learn(Purpose purpose) {
        if (!write(purpose)) {
            statements.clear();
            write(Purpose.AUTOGRAD);
        }
        return statements;
    }

    /** Writes the step; false, with nothing of use written, if only autograd can. */
    private boolean write(Purpose purpose) {
        add("n = torch.size(samples, 0)");
        add("whole = torch.index_select(slab, 0, index, out=rows[0:torch.size(index, 0)])");
        open();
        add("p = " + section("row", Section.PARAMETERS));
        add("b = " + section("row", Section.BUFFERS));
        add("c = " + section("whole", Section.COUNTERS));
        read();
        if (program.stochastic() || program.members() > 1) {
            add("updates = high.long() * " + Program.LOW + " + low.long()");
            add("drawn = self.mix(" + counter(program.saltAt()) + ".long() + updates * " + Noise.STRIDE + ")");
            spread();
        }
        if (program.spec().onDrift() instanceof OnDrift.Boost boost) {
            String left =
                    counter(layout.at(Objects.requireNonNull(program.drift()).boosted()));
            add("boost = torch.where(" + left + " > 0., " + (float) boost.factor() + ", 1.)");
        }
        widen();
        if (purpose == Purpose.AUTOGRAD) {
            add("torch.set_grad_enabled(True)");
        }
        Script pass = new Script(purpose, shared(), layout);
        String outputs = pass(pass);
        String scores = program.stochastic() ? predicted() : scores(pass, outputs);
        String loss = program.head().lossScript(pass, outputs, "label");
        layout.find(Schedule.MEMORY)
                .ifPresent(memory -> program.spec().schedule().hear(pass, memory, heard(loss)));
        String shown = loss(pass, outputs, loss);
        DescentScript descent = new DescentScript(program, pass, shared(), statements);
        if (!descent.differentiate(loss, outputs)) {
            return false;
        }
        boolean detached = purpose == Purpose.LEARN;
        add("scores = " + (detached ? scores : "torch.detach(" + scores + ")"));
        add("losses = " + (detached ? loss : "torch.detach(" + loss + ")"));
        add("loss = " + (detached ? shown : "torch.detach(" + shown + ")"));
        report();
        descent.move();
        pass.stored().forEach((buffer, value) -> {
            String columns = columns("row", layout.at(buffer), buffer.length());
            add("_ = " + columns + ".copy_(" + fold(columns, value) + ")");
        });
        close();
        count();
        write();
        add("return outcome");
        return true;
    }

    /** The program whose step it is. */
    final Program program() {
        return program;
    }

    final void add(String statement) {
        statements.add(statement);
    }

    /** Names the columns of the samples and the counters of the rows. */
    private void read() {
        int width = program.problem().inputs().width();
        String features = columns("samples", 0, width);
        add("features = "
                + (program.acceptsMissing() ? features : "torch.nan_to_num(" + features + ", 0., inf, -inf)"));
        int end = width + program.problem().target().labelWidth();
        add("label = " + columns("samples", width, end - width));
        add("labelled = " + column("samples", end) + " > 0.");
        add("learn = " + column("samples", end + 1) + " > 0.");
        add("weight = " + column("samples", end + 2));
        boolean soft = program.problem().target().labelWidth() > 1;
        add("truth = " + (soft ? "torch.argmax(label, 1).float()" : column("label", 0)));
        add("low = " + counter(program.updatesAt()));
        add("high = " + counter(program.updatesAt() + 1));
        add("last = " + counter(program.lastLabelAt()));
        add("labels = " + counter(program.lastLabelAt() + 1));
    }

    final String section(String rows, Section section) {
        return columns(rows, layout.start(section), layout.length(section));
    }

    final String counter(int at) {
        return column("c", at - layout.start(Section.COUNTERS));
    }

    private String predicted() {
        Script predicting = new Script(Purpose.PREDICT, shared(), layout);
        String scores = scores(predicting, pass(predicting));
        statements.addAll(predicting.statements());
        return scores;
    }

    /** The outputs of the network. */
    private String pass(Script script) {
        String value = "features";
        script.given(value);
        for (int s = 0; s < program.stages().size(); s++) {
            Stage stage = program.stages().get(s);
            if (script.learning() && stage.stochastic()) {
                script.add("draw = self.mix(drawn + " + s * Noise.STRIDE + ")");
            }
            value = stage.script(script, value);
        }
        return script.outputs(value);
    }

    /** Writes what the rows remember of their errors, which come as the end of {@code samples}. */
    private List<String> note() {
        Range memory = Objects.requireNonNull(program.drift()).memory();
        int at = outcomeWidth(program) - memory.length();
        add("_ = torch.index_copy_(" + columns("slab", layout.at(memory), memory.length()) + ", 0, index, "
                + columns("samples", at, memory.length()) + ")");
        add("return samples");
        return statements;
    }

    /** Some columns of rows; as {@code rows[:, a:b]} it would be two operations. */
    static String columns(String rows, int start, int length) {
        return "torch.slice(" + rows + ", 1, " + start + ", " + (start + length) + ")";
    }

    private static String column(String rows, int at) {
        return "torch.select(" + rows + ", 1, " + at + ")";
    }

    /** Writes the rows that have learnt to the slab, and the others to where nobody looks. */
    final void store() {
        add("_ = torch.index_put_(slab, [torch.where(learnt, index, torch.size(slab, 0) - 1)], whole)");
    }

    /** Counts the update. */
    private void count() {
        int low = program.updatesAt();
        add("_ = " + counter(low + 1) + ".add_(low >= " + (Program.LOW - 1.) + ")");
        add("_ = " + counter(low) + ".add_(1.).remainder_(" + (double) Program.LOW + ")");
    }
}
