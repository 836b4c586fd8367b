package io.millrace.models.program;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Remembers how each tensor of a forward pass was made, to be gone through from its end. */
final class Tape {
    private final Map<String, Consumer<String>> rules = new LinkedHashMap<>();
    private final Map<String, String> slopes = new HashMap<>();
    private final Set<String> ends = new HashSet<>(); // tensors that nothing was made of before

    /** @param rule writes, given the name of the slope in a tensor, the slopes in what it was made of */
    void rule(String tensor, Consumer<String> rule) {
        rules.put(tensor, rule);
    }

    /** Says that a tensor was made of nothing that a slope matters to. */
    void end(String tensor) {
        ends.add(tensor);
    }

    boolean matters(String tensor) {
        return !ends.contains(tensor);
    }

    void slope(String tensor, String slope) {
        slopes.put(tensor, slope);
    }

    @Nullable
    String slope(String tensor) {
        return slopes.get(tensor);
    }

    /** Applies every rule whose tensor has a slope by then, the last made first. */
    void rewind() {
        List<Map.Entry<String, Consumer<String>>> made = List.copyOf(rules.entrySet());
        for (int at = made.size() - 1; at >= 0; at--) {
            String slope = slopes.get(made.get(at).getKey());
            if (slope != null) {
                made.get(at).getValue().accept(slope);
            }
        }
    }

    /** True if every tensor that got a slope has a rule, so that none of it was lost. */
    boolean complete() {
        return rules.keySet().containsAll(slopes.keySet());
    }
}
