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
 * <p>Names in scope: {@code p} [rows, parameters] or, in a pass that is learnt from, {@code leaf}, the same values as
 * the leaf that gradients are taken in; {@code b} [rows, buffers], without gradient; {@code draw} [rows], int64, fixes
 * the random choices of a stage in a learning pass; {@code self.mix}, {@link Noise#mix} of every element.
 */
public final class Script {
    private final boolean learning;
    private final List<String> statements = new ArrayList<>();
    private final Map<Range, String> stored = new LinkedHashMap<>();
    private final Map<Range, String> looked = new LinkedHashMap<>();
    private final Map<Range, String> named = new HashMap<>();
    private int names;

    /**
     * Begins a pass by naming every range of the parameters and buffers.
     *
     * @param learning true for the pass that is learnt from, false for one that only predicts
     */
    public Script(boolean learning, Layout layout) {
        this.learning = learning;
        split(layout, Section.PARAMETERS);
        split(layout, Section.BUFFERS);
    }

    /** One split instead of many slices: its gradient is one concatenation. */
    private void split(Layout layout, Section section) {
        List<Range> ranges = layout.ranges().stream()
                .filter(range -> range.section() == section)
                .toList();
        if (ranges.isEmpty()) {
            return;
        }
        String tensor = section == Section.BUFFERS ? "b" : learning ? "leaf" : "p";
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
        statements.add(targets + "_ = torch.split(" + tensor + ", [" + lengths + padding + "], 1)");
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
        String name = (learning ? "l" : "t") + names++;
        add(name + " = " + expression);
        return name;
    }

    /** A range of parameters or buffers as a tensor [rows, shape...]. */
    public String range(Range range) {
        String name = Objects.requireNonNull(named.get(range));
        if (range.shape().size() == 1) {
            return name;
        }
        StringBuilder shape = new StringBuilder("-1");
        range.shape().forEach(length -> shape.append(", ").append(length));
        return let(name + ".view([" + shape + "])");
    }

    /**
     * The vectors [rows, dimension] at the buckets of a table [buckets, dimension]; only those vectors are then
     * updated.
     *
     * @param bucket name of a tensor [rows, 1] of whole numbers below buckets
     */
    public String lookup(Range table, String bucket) {
        String index = let(bucket + ".long()");
        looked.put(table, index);
        String spread =
                let(index + ".unsqueeze(2).expand([-1, 1, " + table.shape().get(1) + "])");
        return let("torch.gather(" + range(table) + ", 1, " + spread + ").squeeze(1)");
    }

    /** The word of each column, int64 [rows, width], that {@link Noise#at} gives at the stage's draw. */
    public String noise(int width) {
        String places = let("torch.arange(" + width + ", dtype=4, device=draw.device) * " + Noise.STRIDE);
        return let("self.mix(draw.unsqueeze(1) + " + places + ")");
    }

    /** Stores new running statistics [rows, length] once the step is taken; a pass that only predicts ignores it. */
    public void store(Range buffer, String value) {
        stored.put(buffer, value);
    }

    /** The bucket indices [rows, 1], int64, that were looked up, by table. */
    public Map<Range, String> looked() {
        return Collections.unmodifiableMap(looked);
    }

    /** New values [rows, length] of buffers, by range. */
    public Map<Range, String> stored() {
        return Collections.unmodifiableMap(stored);
    }

    /** The statements so far, in order. */
    public List<String> statements() {
        return List.copyOf(statements);
    }
}
