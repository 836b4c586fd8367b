package io.millrace.models.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects the statements of a generated TorchScript method; every tensor has a leading row dimension.
 *
 * <p>Names in scope: {@code p} [rows, parameters], the leaf that gradients are taken in; {@code b} [rows, buffers],
 * without gradient; {@code draw} [rows], int64, fixes the random choices of a learning pass.
 */
public final class Script {
    private final boolean learning;
    private final List<String> statements = new ArrayList<>();
    private final Map<Range, String> stored = new TreeMap<>(Comparator.comparing(Range::name));
    private final Map<Range, String> looked = new TreeMap<>(Comparator.comparing(Range::name));
    private int names;

    /**
     * @param learning true for the pass that is learnt from, false for the one that predicts
     */
    public Script(boolean learning) {
        this.learning = learning;
    }

    /** True for the pass that is learnt from. */
    public boolean learning() {
        return learning;
    }

    /** Names the value of an expression. */
    public String let(String expression) {
        String name = (learning ? "l" : "t") + names++;
        statements.add(name + " = " + expression);
        return name;
    }

    /** A range of parameters or buffers as a tensor [rows, shape...]. */
    public String range(Range range) {
        String section = range.section() == Range.Section.PARAMETERS ? "p" : "b";
        String slice = let("torch.slice(" + section + ", 1, " + range.offset() + ", "
                + (range.offset() + range.length()) + ", 1)");
        if (range.shape().size() == 1) {
            return slice;
        }
        StringBuilder shape = new StringBuilder("[-1");
        range.shape().forEach(length -> shape.append(", ").append(length));
        return let("torch.reshape(" + slice + ", " + shape + "])");
    }

    /** The vectors [rows, dimension] at the buckets [rows, 1] of a table; only those vectors are then updated. */
    public String lookup(Range table, String bucket) {
        String index = let("torch.to(" + bucket + ", 4)");
        looked.put(table, index);
        int dimension = table.shape().get(1);
        String spread = let("torch.expand(torch.unsqueeze(" + index + ", -1), [-1, 1, " + dimension + "])");
        return let("torch.squeeze(torch.gather(" + range(table) + ", 1, " + spread + "), 1)");
    }

    /** A word of {@link Noise} for each column, int64 [rows, width], the same that {@link Noise#at} gives. */
    public String noise(int width) {
        String places = let("torch.mul(torch.arange(" + width + ", dtype=4, layout=0, device=torch.device(draw)), "
                + Noise.STRIDE + ")");
        String word = let("torch.bitwise_and(torch.add(torch.unsqueeze(draw, 1), " + places + "), " + Noise.WORD + ")");
        word = shifted(word, 16);
        word = let("torch.bitwise_and(torch.mul(" + word + ", " + Noise.FIRST + "), " + Noise.WORD + ")");
        word = shifted(word, 13);
        word = let("torch.bitwise_and(torch.mul(" + word + ", " + Noise.SECOND + "), " + Noise.WORD + ")");
        return shifted(word, 16);
    }

    private String shifted(String word, int bits) {
        return let("torch.bitwise_xor(" + word + ", torch.bitwise_right_shift(" + word + ", " + bits + "))");
    }

    /** Stores new running statistics [rows, shape...] once the step is taken; only in a learning pass. */
    public void store(Range buffer, String value) {
        if (learning) {
            stored.put(buffer, value);
        }
    }

    /** The bucket indices [rows, 1] that were looked up, by table. */
    public Map<Range, String> looked() {
        return Collections.unmodifiableMap(looked);
    }

    /** The statements so far, in order. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    /** New values of buffers, by range. */
    public Map<Range, String> stored() {
        return Collections.unmodifiableMap(stored);
    }
}
