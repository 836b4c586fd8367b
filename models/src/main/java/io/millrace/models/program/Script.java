package io.millrace.models.program;

import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Collects the statements of one pass through a network as TorchScript; every tensor has a leading row dimension.
 *
 * <p>Names in scope: {@code p} [rows, parameters] and {@code b} [rows, buffers], without gradient; {@code draw} [rows],
 * int64, fixes the random choices of a stage in a learning pass; {@code self.mix}, {@link Noise#mix} of every element.
 *
 * <p>If the row is shared, all samples belong to one row: {@code p}, {@code b} and every {@link #range} have one row,
 * which the tensors of the samples are broadcast with.
 *
 * <p>A stage that writes its own backward pass says beside each tensor that it makes what a slope in it means for what
 * it was made of: {@link #derive}, {@link #slope}, {@link #gradient}. Where every stage does, {@link #differentiate}
 * goes through these rules from the end. Where one does not, the pass is written anew for autograd: each range of
 * parameters is then a leaf that it takes the gradient in, but for the large ones whose gradient is known beforehand:
 * the weights of {@link #affine} and the tables of {@link #lookup}.
 */
public final class Script {
    /** What a pass through a network is for. */
    public enum Purpose {
        /** Predictions alone. */
        PREDICT,
        /** To be learnt from, by the backward passes of its stages. */
        LEARN,
        /** To be learnt from by autograd. */
        AUTOGRAD
    }

    private final Purpose purpose;
    private final boolean shared;
    private final String prefix;
    private final List<String> statements = new ArrayList<>();
    private final Map<Range, Stored> stored = new LinkedHashMap<>();
    private final Map<Range, String> leaves = new LinkedHashMap<>();
    private final Map<Range, Outer> outers = new LinkedHashMap<>();
    private final Map<Range, Looked> looked = new LinkedHashMap<>();
    private final Map<Range, String> named = new HashMap<>();
    private final List<String> required = new ArrayList<>();
    private final Tape tape = new Tape();
    private int names;

    /**
     * A gradient [rows, columns.width, ...] that is the outer product of two tensors.
     *
     * @param input name of a tensor [rows, inputs]
     * @param bias the leaf whose gradient [rows, units] is the other factor
     * @param unitsFirst whether the gradient is [rows, units, inputs], not [rows, inputs, units]
     */
    public record Outer(String input, Range bias, boolean unitsFirst) {}

    /**
     * The one vector of a table that a row uses.
     *
     * @param columns name of a tensor [rows, dimension], int64: where the vector lies among the parameters
     * @param vector name of a tensor [rows, dimension], a leaf
     */
    public record Looked(String columns, String vector) {}

    /**
     * New running statistics.
     *
     * @param value name of a tensor [rows, length]
     * @param fold what samples that share a row store together
     */
    public record Stored(String value, Fold fold) {}

    /** What several samples store in a buffer that they share. */
    public enum Fold {
        /** The mean of what each would have stored. */
        MEAN,
        /** The least. */
        LEAST,
        /** The most. */
        MOST
    }

    /**
     * Begins a pass by naming every range of the parameters and buffers.
     *
     * @param shared true if there is one row for all samples, false if there is one for each
     */
    public Script(Purpose purpose, boolean shared, Layout layout) {
        this(purpose, shared, layout, "");
    }

    /**
     * As the other, beside another pass.
     *
     * @param prefix of {@code p}, {@code b} and of every name it gives
     */
    public Script(Purpose purpose, boolean shared, Layout layout, String prefix) {
        this.prefix = prefix;
        this.purpose = purpose;
        this.shared = shared;
        split(layout, Section.PARAMETERS);
        split(layout, Section.BUFFERS);
    }

    private void split(Layout layout, Section section) {
        List<Range> ranges = layout.ranges().stream()
                .filter(range -> range.section() == section)
                .toList();
        if (ranges.isEmpty()) {
            return;
        }
        String tensor = prefix + (section == Section.BUFFERS ? "b" : "p");
        StringBuilder targets = new StringBuilder();
        StringBuilder lengths = new StringBuilder();
        int end = 0;
        for (Range range : ranges) {
            named.put(range, tensor + "_" + named.size());
            targets.append(named.get(range)).append(", ");
            lengths.append(range.length()).append(", ");
            end = range.offset() + range.length();
        }
        int padding = layout.length(section) - end;
        String whole = byAutograd() ? "torch.detach(" + tensor + ")" : tensor;
        statements.add(targets + "_ = torch.split(" + whole + ", [" + lengths + padding + "], 1)");
    }

    /** True for the pass that is learnt from. */
    public boolean learning() {
        return purpose != Purpose.PREDICT;
    }

    /** True if autograd takes the gradient. */
    public boolean byAutograd() {
        return purpose == Purpose.AUTOGRAD;
    }

    /** Adds a statement. */
    public void add(String statement) {
        statements.add(statement);
    }

    /** Names the value of an expression. */
    public String let(String expression) {
        String name = prefix + (learning() ? "l" : "t") + names++;
        add(name + " = " + expression);
        return name;
    }

    /** A range of parameters or buffers as a tensor [rows, shape...]. */
    public String range(Range range) {
        return shaped(leaf(range), range);
    }

    private String leaf(Range range) {
        String name = name(range);
        if (learning() && range.section() == Section.PARAMETERS && leaves.putIfAbsent(range, name) == null) {
            trace(name);
        }
        return name;
    }

    private void trace(String tensor) {
        if (byAutograd()) {
            add("_ = torch.requires_grad_(" + tensor + ", True)");
        }
    }

    private String name(Range range) {
        return Objects.requireNonNull(named.get(range));
    }

    private String shaped(String name, Range range) {
        if (range.shape().size() == 1) {
            return name;
        }
        StringBuilder shape = new StringBuilder("-1");
        range.shape().forEach(length -> shape.append(", ").append(length));
        return let(name + ".view([" + shape + "])");
    }

    /**
     * The product [rows, units] of a tensor [rows, inputs] and a matrix [rows, inputs, units].
     *
     * @param input an expression
     * @param matrix an expression
     */
    public String product(String input, String matrix) {
        if (shared) {
            return let("torch.mm(" + input + ", torch.squeeze(" + matrix + ", 0))");
        }
        return let("torch.squeeze(torch.bmm(torch.unsqueeze(" + input + ", 1), " + matrix + "), 1)");
    }

    /**
     * The tensor {@code input weight + bias} [rows, units].
     *
     * @param input name of a tensor [rows, inputs]
     * @param unitsFirst whether the weight is [units, inputs], not [inputs, units]
     */
    public String affine(String input, Range weight, boolean unitsFirst, Range bias) {
        if (shared) { // one product of matrices, as fast as its gradients
            String matrix = let(leaf(weight) + ".view([" + weight.shape().get(0) + ", "
                    + weight.shape().get(1) + "])");
            String output = let("torch.addmm(" + leaf(bias) + ", " + input + ", "
                    + (unitsFirst ? "torch.t(" + matrix + ")" : matrix) + ")");
            derive(output, slope -> {
                gradient(weight, bias, input, slope, unitsFirst);
                slope(input, "torch.mm(" + slope + ", " + (unitsFirst ? matrix : "torch.t(" + matrix + ")") + ")");
            });
            return output;
        }
        String matrix = shaped(name(weight), weight);
        outers.put(weight, new Outer(input, bias, unitsFirst));
        String output = let("torch.squeeze(torch.baddbmm(torch.unsqueeze(" + leaf(bias) + ", 1), torch.unsqueeze("
                + input + ", 1), " + (unitsFirst ? "torch.transpose(" + matrix + ", 1, 2)" : matrix) + "), 1)");
        derive(output, slope -> {
            gradient(weight, bias, input, slope, unitsFirst);
            slope(
                    input,
                    "torch.squeeze(torch.bmm(torch.unsqueeze(" + slope + ", 1), "
                            + (unitsFirst ? matrix : "torch.transpose(" + matrix + ", 1, 2)") + "), 1)");
        });
        return output;
    }

    private void gradient(Range weight, Range bias, String input, String slope, boolean unitsFirst) {
        gradient(bias, slope);
        add(outer(weight, input, slope, unitsFirst));
    }

    /**
     * A statement that writes the gradient of a matrix which an input was multiplied with.
     *
     * @param input expression [n, inputs]
     * @param slope expression [n, units], in the product
     * @param unitsFirst whether the matrix is [units, inputs], not [inputs, units]
     */
    public String outer(Range weight, String input, String slope, boolean unitsFirst) {
        String left = unitsFirst ? slope : input;
        String right = unitsFirst ? input : slope;
        String product = shared
                ? "torch.mm(torch.t(" + left + "), " + right
                : "torch.mul(torch.unsqueeze(" + left + ", 2), torch.unsqueeze(" + right + ", 1)";
        return "_ = " + product + ", out=" + slopes(weight) + ".view([" + (shared ? "" : "-1, ")
                + weight.shape().get(0) + ", " + weight.shape().get(1) + "]))";
    }

    /** Where the gradient of a range goes: columns of {@code slopes} [rows, parameters behind the tables]. */
    public String slopes(Range range) {
        int at = range.offset() - tables();
        return "torch.slice(slopes, 1, " + at + ", " + (at + range.length()) + ")";
    }

    /** How many parameters, the first of a row, are in tables that were looked up. */
    public int tables() {
        return looked.keySet().stream()
                .mapToInt(range -> range.offset() + range.length())
                .max()
                .orElse(0);
    }

    /**
     * Says what a slope in a tensor means for what it was made of. A stage says it of its output or, if that is made in
     * steps, of each.
     *
     * @param rule writes statements, given the name of the slope, of the tensor's shape
     */
    public void derive(String tensor, Consumer<String> rule) {
        tape.rule(tensor, rule);
    }

    /** Says that a tensor is given: no slope in it matters. */
    public void given(String tensor) {
        tape.end(tensor);
    }

    /** Adds to the slope in a tensor. */
    public void slope(String tensor, String slope) {
        if (tape.matters(tensor)) {
            String before = tape.slope(tensor);
            tape.slope(tensor, let(before == null ? slope : before + " + " + slope));
        }
    }

    /**
     * Writes the gradient in a range of parameters.
     *
     * @param slope expression [n, length], of each sample by itself
     */
    public void gradient(Range range, String slope) {
        add("_ = "
                + (shared
                        ? "torch.sum(" + slope + ", [0], True, out=" + slopes(range) + ")"
                        : slopes(range) + ".copy_(" + slope + ")"));
    }

    /**
     * Writes the whole backward pass.
     *
     * @param slope expression of the slope in a tensor, where it starts
     * @return false if a stage did not say how; what was written is then of no use
     */
    public boolean differentiate(String tensor, String slope) {
        looked.values().forEach(vector -> derive(vector.vector(), unused -> {}));
        slope(tensor, slope);
        tape.rewind();
        return tape.complete();
    }

    /** The slope in a tensor, after {@link #differentiate}. */
    public String slopeIn(String tensor) {
        return Objects.requireNonNull(tape.slope(tensor));
    }

    /**
     * The vectors [rows, dimension] at the buckets of a table [buckets, dimension]; only those vectors are then
     * updated.
     *
     * @param bucket name of a tensor [rows, 1] of whole numbers below buckets
     */
    public String lookup(Range table, String bucket) {
        int dimension = table.shape().get(1);
        String p = prefix + "p";
        String within = let("torch.arange(" + dimension + ", dtype=4, device=" + p + ".device) + " + table.offset());
        String columns = let(bucket + ".long() * " + dimension + " + " + within);
        String vector =
                let(shared ? "torch.take(" + p + ", " + columns + ")" : "torch.gather(" + p + ", 1, " + columns + ")");
        if (learning()) {
            trace(vector);
            looked.put(table, new Looked(columns, vector));
        }
        return vector;
    }

    /** The word of each column, int64 [rows, width], that {@link Noise#at} gives at the stage's draw. */
    public String noise(int width) {
        String places = let("torch.arange(" + width + ", dtype=4, device=draw.device) * " + Noise.STRIDE);
        return let("self.mix(draw.unsqueeze(1) + " + places + ")");
    }

    /**
     * Says of which samples something is too large to compute with. Cheaper than NaN in a stage's output, which reaches
     * the outputs of the network as well.
     *
     * @param condition expression [n, 1], true if all is well
     */
    public void require(String condition) {
        required.add(let(condition));
    }

    /** The outputs of the network, of which the last stage's are given: NaN where something was too large. */
    public String outputs(String last) {
        if (required.isEmpty()) {
            return last;
        }
        String outputs = let("torch.where(" + String.join(" & ", required) + ", " + last + ", nan)");
        derive(outputs, slope -> slope(last, slope));
        return outputs;
    }

    /** Stores new running statistics [rows, length] once the step is taken; a pass that only predicts ignores it. */
    public void store(Range buffer, String value) {
        stored.put(buffer, new Stored(value, Fold.MEAN));
    }

    /** As {@link #store}, but samples that share a row store their least or most; NaN leaves a statistic as it is. */
    public void store(Range buffer, String value, Fold fold) {
        stored.put(buffer, new Stored(value, fold));
    }

    /** The parameters but for {@link #outers} and {@link #looked}: names of tensors [rows, length]. */
    public Map<Range, String> leaves() {
        return Collections.unmodifiableMap(leaves);
    }

    /** The weights whose gradient is an outer product. */
    public Map<Range, Outer> outers() {
        return Collections.unmodifiableMap(outers);
    }

    /** The tables of which each row uses one vector. */
    public Map<Range, Looked> looked() {
        return Collections.unmodifiableMap(looked);
    }

    /** New values [rows, length] of buffers, by range. */
    public Map<Range, Stored> stored() {
        return Collections.unmodifiableMap(stored);
    }

    /** The statements so far, in order. */
    public List<String> statements() {
        return List.copyOf(statements);
    }
}
