package io.millrace.models.djl;

import io.millrace.models.Program;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;
import io.millrace.models.program.Script.Looked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the gradient and the optimizer's step as TorchScript, in place where it can: the rows' parameters and slots
 * are gone through as few times as possible, since that is what a step costs.
 *
 * <p>Tables, which come first in a row, stay aside: only the vectors that were looked up have a gradient, and move.
 */
final class DescentScript {
    private final Program program;
    private final Layout layout;
    private final Script pass;
    private final boolean shared;
    private final List<String> statements;
    private final int from; // where the parameters behind the tables start
    private final int to;
    private final boolean boosted;
    private final boolean whole; // every step is taken as the optimizer takes it
    private int names;

    /**
     * @param pass the one that is learnt from
     * @param shared true if all samples belong to one row
     * @param statements receives the statements
     */
    DescentScript(Program program, Script pass, boolean shared, List<String> statements) {
        this.program = program;
        this.pass = pass;
        this.shared = shared;
        this.statements = statements;
        layout = program.member();
        from = pass.tables();
        to = layout.ranges().stream()
                .filter(range -> range.section() == Section.PARAMETERS)
                .mapToInt(DescentScript::end)
                .max()
                .orElseThrow();
        boosted = program.spec().onDrift() instanceof OnDrift.Boost;
        whole = !boosted && program.spec().schedule() instanceof Schedule.Constant;
    }

    private static int end(Range range) {
        return range.offset() + range.length();
    }

    private void add(String statement) {
        statements.add(statement);
    }

    /**
     * Writes the pass and the gradient of its samples' losses: {@code slopes} [rows, parameters behind the tables],
     * {@code lookedSlopes}, their {@code norm} [rows], and {@code pull}, the gradient in the outputs [n, outputs].
     *
     * @param loss name of a tensor [n]
     * @return false, with nothing of use written, if a stage has no backward pass of its own and autograd is not to help
     */
    boolean differentiate(String loss, String outputs) {
        add("slopes = gradient[0:torch.size(row, 0), 0:" + (to - from) + "]");
        boolean complete = pass.byAutograd() || pass.differentiate(loss, "weight");
        pass.statements().forEach(this::add);
        if (complete) {
            measure(pass.byAutograd() ? byAutograd(loss, outputs) : byHand(outputs));
        }
        return complete;
    }

    /** Names {@code pull}; gives the slopes in what was looked up. */
    private List<String> byHand(String outputs) {
        add("pull = " + pass.slopeIn(outputs));
        return pass.looked().values().stream()
                .map(looked -> pass.slopeIn(looked.vector()))
                .toList();
    }

    private List<String> byAutograd(String loss, String outputs) {
        List<String> leaves = new ArrayList<>(pass.leaves().values());
        pass.looked().values().forEach(looked -> leaves.add(looked.vector()));
        leaves.add(outputs);
        add("gradients = torch.grad([torch.sum(" + loss + " * weight)], [" + String.join(", ", leaves) + "])");
        add("torch.set_grad_enabled(False)");
        List<Range> ranges = List.copyOf(pass.leaves().keySet());
        ranges.forEach(range -> add("_ = " + pass.slopes(range) + ".copy_(" + gradient(ranges.indexOf(range)) + ")"));
        pass.outers().forEach((weight, outer) -> {
            String slope = gradient(ranges.indexOf(outer.bias()));
            add(pass.outer(weight, "torch.detach(" + outer.input() + ")", slope, outer.unitsFirst()));
        });
        add("pull = " + gradient(leaves.size() - 1));
        List<String> looked = new ArrayList<>();
        pass.looked().values().forEach(each -> looked.add(gradient(ranges.size() + looked.size())));
        return looked;
    }

    private void measure(List<String> looked) {
        add("norm = torch.linalg_vector_norm(slopes, 2, [1])");
        if (!looked.isEmpty()) {
            add("lookedSlopes = " + concatenated(looked));
            add("places = "
                    + concatenated(
                            pass.looked().values().stream().map(Looked::columns).toList()));
            if (shared) {
                add("lookedSlopes = " + summed("lookedSlopes"));
                add("touched = " + summed("torch.unsqueeze(learn.float(), 1).expand_as(places)") + " > 0.");
            }
            add("norm = torch.hypot(norm, torch.linalg_vector_norm(lookedSlopes, 2, [1]))");
        }
    }

    private static String concatenated(List<String> tensors) {
        return "torch.cat([" + String.join(", ", tensors) + "], 1)";
    }

    /** A row [1, tables] of the sums of values [n, dimensions] at places. */
    private String summed(String values) {
        String zeros = "torch.zeros([" + from + "], device=slab.device)";
        return "torch.unsqueeze(torch.index_add(" + zeros + ", 0, places.flatten(), " + values + ".flatten()), 0)";
    }

    private static String gradient(int leaf) {
        return "unchecked_cast(Tensor, gradients[" + leaf + "])";
    }

    /** Moves the parameters and slots in {@code row}. */
    void move() {
        add("update = " + perLearner("torch.add(low.double() + 1., high, alpha=" + Program.LOW + ")"));
        if (boosted) {
            add("boost = " + perLearner("boost"));
        }
        add("g = slopes");
        descend(false);
        if (!pass.looked().isEmpty()) {
            add("g = lookedSlopes");
            descend(true);
        }
        program.spec().regularization().bound("row", layout).forEach(this::add);
    }

    /** A column of one number [rows] of each row, as often as it has learners. */
    private String perLearner(String numbers) {
        String column = "torch.unsqueeze(" + numbers + ", 1)";
        return program.members() == 1
                ? column
                : "torch.unsqueeze(torch.flatten(" + column + ".expand([-1, " + program.members() + "])), 1)";
    }

    private void descend(boolean looked) {
        Part part = new Part(looked);
        add("start = " + part.read(0));
        add("p = " + (whole ? "start" : "torch.clone(start)"));
        add("g = " + program.spec().regularization().script());
        program.spec().optimizer().script(part);
        part.stores.forEach(Runnable::run);
    }

    /** Some columns of the parameters and as many of each slot; stored once the whole step is written. */
    private final class Part implements Optimizer.Tensors {
        private final boolean looked;
        private final List<Runnable> stores = new ArrayList<>();
        private final Map<Integer, String> slots = new HashMap<>();

        Part(boolean looked) {
            this.looked = looked;
        }

        private String columns(int at) {
            return StepScript.columns("row", at + from, to - from);
        }

        String read(int at) {
            if (looked && shared) {
                return "torch.clone(" + tables(at) + ")";
            }
            return looked ? "torch.gather(row, 1, places + " + at + ")" : columns(at);
        }

        private String tables(int at) {
            return StepScript.columns("row", at, from);
        }

        private void write(int at, String before, String value) {
            if (looked && shared) {
                add("_ = " + tables(at) + ".copy_(torch.where(touched, " + value + ", " + tables(at) + "))");
            } else if (looked) {
                add("_ = torch.scatter_(row, 1, places + " + at + ", " + value + ")");
            } else if (!value.equals(before)) { // otherwise it was overwritten in place
                add("_ = " + columns(at) + ".copy_(" + value + ")");
            }
        }

        @Override
        public boolean alone() {
            return shared;
        }

        @Override
        public String let(String expression) {
            String name = "o" + names++;
            add(name + " = " + expression);
            return name;
        }

        @Override
        public void parameters(String value) {
            String moved = program.spec().schedule().script("start", value);
            String before = whole ? "p" : "";
            stores.add(() -> write(0, before, boosted ? "torch.lerp(start, " + moved + ", boost)" : moved));
        }

        @Override
        public String slot(int slot) {
            return slots.computeIfAbsent(slot, n -> let(read(layout.slot(n))));
        }

        @Override
        public void slot(int slot, String value) {
            stores.add(() -> write(layout.slot(slot), slot(slot), value));
        }
    }
}
