package io.millrace.models.djl;

import io.millrace.models.Outcome.Status;
import io.millrace.models.Problem;
import io.millrace.models.Program;
import io.millrace.models.optimizer.Optimizer;
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
 * <p>Its method {@code forward(samples, index, slab)} reads the samples [rows, {@link #sampleWidth}] and the rows of
 * the slab [slots, width] at index [rows], int64, all different; it returns what came of them [rows,
 * {@link #outcomeWidth}] and writes the rows back. No value decides what runs next, so a device never waits for its
 * host. Needs grad mode.
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
        return new StepScript(program).write();
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

    private String write() {
        read();
        Script learning = new Script(true, layout);
        String outputs = pass(learning);
        String scores = program.stochastic() ? predicted() : program.head().scoresScript(learning, outputs);
        String loss = program.head().lossScript(learning, outputs, "label");
        statements.addAll(learning.statements());
        judge(scores, loss);
        report();
        descend(learning);
        learning.stored().forEach((buffer, value) -> put(layout.at(buffer), buffer.length(), "changes", value));
        count();
        add("_ = torch.index_copy_(slab, 0, index, row)");
        add("return outcome");
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
                                  def forward(self: __torch__.%s, samples: Tensor, index: Tensor, slab: Tensor) -> Tensor:
                                """,
                                TYPE,
                                TYPE,
                                Noise.WORD,
                                Noise.FIRST,
                                Noise.WORD,
                                Noise.SECOND,
                                Noise.WORD,
                                TYPE)
                        .stripTrailing()
                + INDENT
                + String.join(INDENT, statements)
                + "\n";
    }

    private void add(String statement) {
        statements.add(statement);
    }

    /** Names the columns of the samples and the parts of the rows. */
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
        add("row = torch.index_select(slab, 0, index)");
        add("p = " + section(Section.PARAMETERS));
        add("leaf = torch.requires_grad_(torch.detach(p), True)");
        add("b = " + section(Section.BUFFERS));
        add("low = " + column(program.updatesAt()));
        add("high = " + column(program.updatesAt() + 1));
        add("previous = torch.where(" + column(program.lastLabelAt() + 1) + " > 0., " + column(program.lastLabelAt())
                + ", nan)");
        if (program.stochastic()) {
            add("updates = high.long() * " + Program.LOW + " + low.long()");
            add("drawn = self.mix(" + column(program.saltAt()) + ".long() + updates * " + Noise.STRIDE + ")");
        }
    }

    private String section(Section section) {
        int start = layout.start(section);
        return columns(start, layout.length(section));
    }

    private static String columns(int at, int count) {
        return "row[:, " + at + ":" + (at + count) + "]";
    }

    private static String column(int at) {
        return "row[:, " + at + "]";
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

    /** Takes the gradient, and decides for every row whether it learns. */
    private void judge(String scores, String loss) {
        add("scores = torch.detach(" + scores + ")");
        add("loss = torch.detach(" + loss + ")");
        add("gradient, = torch.grad([torch.sum(" + loss + " * weight)], [leaf])");
        add("g = unchecked_cast(Tensor, gradient)");
        add("finite = torch.all(torch.isfinite(scores), 1)");
        add("norm = torch.linalg_vector_norm(g, 2, [1])");
        add("small = norm <= " + Program.LARGEST_GRADIENT);
        add("tried = learn & finite");
        add("learnt = tried & torch.isfinite(loss) & small");
        add("changes = torch.unsqueeze(learnt, 1)");
    }

    private void report() {
        add("shown = torch.where(tried, loss, nan)");
        add("judged = torch.where(tried, torch.where(learnt, " + code(Status.LEARNT) + ", " + code(Status.REFUSED_STEP)
                + "), " + code(Status.PREDICTED) + ")");
        add("status = torch.where(finite, judged, " + code(Status.REFUSED_SCORES) + ")");
        add("outcome = torch.cat([scores, torch.stack([shown, previous, low, high, status], 1)], 1)");
    }

    private static String code(Status status) {
        return STATUSES.indexOf(status) + ".";
    }

    /** Moves the parameters of the rows that learn, of a table only the vector that was looked up. */
    private void descend(Script learning) {
        add("update = torch.unsqueeze(high.double() * " + Program.LOW + ". + low.double() + 1., 1)");
        add("moves = torch.expand_as(changes, p)");
        if (!learning.looked().isEmpty()) {
            add("moves = torch.clone(moves)");
            learning.looked().forEach((table, bucket) -> {
                String own = "(torch.arange(" + table.length() + ", dtype=4, device=slab.device) // "
                        + table.shape().get(1) + ") == " + bucket;
                add("moves[:, " + table.offset() + ":" + (table.offset() + table.length()) + "] = changes & (" + own
                        + ")");
            });
        }
        add("g = " + program.spec().regularization().script());
        Tensors tensors = new Tensors();
        program.spec().optimizer().script(tensors);
        tensors.stores.forEach(Runnable::run);
    }

    /** Counts the update and remembers the label. */
    private void count() {
        int updates = program.updatesAt();
        add("counted = low + 1.");
        add("carried = counted >= " + Program.LOW + ".");
        put(updates + 1, 1, "changes", "torch.unsqueeze(torch.where(carried, high + 1., high), 1)");
        put(updates, 1, "changes", "torch.unsqueeze(torch.where(carried, 0., counted), 1)");
        add("known = torch.unsqueeze(labelled & finite, 1)");
        boolean soft = program.problem().target().labelWidth() > 1;
        put(program.lastLabelAt(), 1, "known", soft ? "torch.argmax(label, 1, True).float()" : "label");
        put(program.lastLabelAt() + 1, 1, "known", "1.");
    }

    /** Overwrites columns of the rows that a mask chooses. */
    private void put(int at, int count, String mask, String value) {
        String columns = columns(at, count);
        add(columns + " = torch.where(" + mask + ", " + value + ", " + columns + ")");
    }

    /** The parameters and slots; stored once the whole step is written, as the rows still hold the old values. */
    private final class Tensors implements Optimizer.Tensors {
        private final List<Runnable> stores = new ArrayList<>();
        private int names;

        @Override
        public String let(String expression) {
            String name = "o" + names++;
            add(name + " = " + expression);
            return name;
        }

        @Override
        public void parameters(String value) {
            String moved = program.spec().schedule().script(value);
            stores.add(() -> put(0, layout.parameters(), "moves", moved));
        }

        @Override
        public String slot(int slot) {
            return let(columns(layout.slot(slot), layout.parameters()));
        }

        @Override
        public void slot(int slot, String value) {
            stores.add(() -> put(layout.slot(slot), layout.parameters(), "moves", value));
        }
    }
}
