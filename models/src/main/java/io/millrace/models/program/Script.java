package io.millrace.models.program;

import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects the statements of one pass through a network as TorchScript; every tensor has a leading row dimension.
 *
 * <p>Names in scope: {@code p} [rows, parameters] and {@code b} [rows, buffers], without gradient; {@code draw} [rows],
 * int64, fixes the random choices of a stage in a learning pass; {@code self.mix}, {@link Noise#mix} of every element.
 *
 * <p>If the row is shared, all samples belong to one row: {@code p}, {@code b} and every {@link #range} have one row,
 * which the tensors of the samples are broadcast with.
 *
 * <p>In a pass that is learnt from, each range of parameters is a leaf that autograd takes the gradient in, but for the
 * large ones whose gradient is known beforehand: the weights of {@link #affine} and the tables of {@link #lookup}.
 */
public final class Script {
    private final boolean learning;
    private final boolean shared;
    private final String prefix;
    private final List<String> statements = new ArrayList<>();
    private final Map<Range, Stored> stored = new LinkedHashMap<>();
    private final Map<Range, String> leaves = new LinkedHashMap<>();
    private final Map<Range, Outer> outers = new LinkedHashMap<>();
    private final Map<Range, Looked> looked = new LinkedHashMap<>();
    private final Map<Range, String> named = new HashMap<>();
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
     * @param learning true for the pass that is learnt from, false for one that only predicts
     * @param shared true if there is one row for all samples, false if there is one for each
     */
    public Script(boolean learning, boolean shared, Layout layout) {
        this(learning, shared, layout, "");
    }

    /**
     * As the other, beside another pass.
     *
     * @param prefix of {@code p}, {@code b} and of every name it gives
     */
    public Script(boolean learning, boolean shared, Layout layout, String prefix) {
        this.prefix = prefix;
        this.learning = learning;
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
        statements.add(targets + "_ = torch.split(torch.detach(" + tensor + "), [" + lengths + padding + "], 1)");
    }

    /** True for the pass that is learnt from. */
    public boolean learning() {
        return learning;
    }

    /** Adds a statement. */
    public void add(String statement) {
        statements.add(statement);
    }

    /** Names the value of an expression. */
    public String let(String expression) {
        String name = prefix + (learning ? "l" : "t") + names++;
        add(name + " = " + expression);
        return name;
    }

    /** A range of parameters or buffers as a tensor [rows, shape...]. */
    public String range(Range range) {
        String name = name(range);
        if (learning && range.section() == Section.PARAMETERS && leaves.putIfAbsent(range, name) == null) {
            add("_ = torch.requires_grad_(" + name + ", True)");
        }
        return shaped(name, range);
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
            String matrix = "torch.squeeze(" + range(weight) + ", 0)";
            return let("torch.addmm(" + range(bias) + ", " + input + ", "
                    + (unitsFirst ? "torch.t(" + matrix + ")" : matrix) + ")");
        }
        String matrix = shaped(name(weight), weight);
        outers.put(weight, new Outer(input, bias, unitsFirst));
        return let("torch.squeeze(torch.baddbmm(torch.unsqueeze(" + range(bias) + ", 1), torch.unsqueeze(" + input
                + ", 1), " + (unitsFirst ? "torch.transpose(" + matrix + ", 1, 2)" : matrix) + "), 1)");
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
        if (learning) {
            add("_ = torch.requires_grad_(" + vector + ", True)");
            looked.put(table, new Looked(columns, vector));
        }
        return vector;
    }

    /** The word of each column, int64 [rows, width], that {@link Noise#at} gives at the stage's draw. */
    public String noise(int width) {
        String places = let("torch.arange(" + width + ", dtype=4, device=draw.device) * " + Noise.STRIDE);
        return let("self.mix(draw.unsqueeze(1) + " + places + ")");
    }

    /** Stores new running statistics [rows, length] once the step is taken; a pass that only predicts ignores it. */
    public void store(Range buffer, String value) {
        stored.put(buffer, new Stored(value, Fold.MEAN));
    }

    /** As {@link #store}, but samples that share a row store their least or most; NaN leaves a statistic as it is. */
    public void store(Range buffer, String value, Fold fold) {
        stored.put(buffer, new Stored(value, fold));
    }

    /** The parameters whose gradient autograd takes: names of tensors [rows, length]. */
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
