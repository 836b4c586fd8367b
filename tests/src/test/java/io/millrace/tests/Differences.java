package io.millrace.tests;

import io.millrace.tests.ByHand.Predicted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** How what a job has made differs from what it should have made: one line for each kind of fault, with the first names. */
final class Differences {
    private static final int NAMED = 5;

    private final float tolerance;
    private final Map<String, List<String>> faults = new LinkedHashMap<>();

    private Differences(float tolerance) {
        this.tolerance = tolerance;
    }

    /**
     * Compares the predictions of every key.
     *
     * @param tolerance how far floats may lie from what is expected, relative above 1; 0 for bit by bit
     * @return empty if they are the same, once each and in order
     */
    static List<String> ofPredictions(
            Map<String, List<Predicted>> made, Map<String, List<Predicted>> expected, float tolerance) {
        Differences differences = new Differences(tolerance);
        Set<String> keys = new TreeSet<>(made.keySet());
        keys.addAll(expected.keySet());
        for (String key : keys) {
            differences.predictions(key, made.getOrDefault(key, List.of()), expected.getOrDefault(key, List.of()));
        }
        return differences.lines();
    }

    private void predictions(String key, List<Predicted> made, List<Predicted> expected) {
        Map<String, Predicted> byId = new HashMap<>();
        expected.forEach(each -> byId.put(each.id(), each));
        Set<String> seen = new HashSet<>();
        List<String> order = new ArrayList<>();
        for (Predicted each : made) {
            if (!byId.containsKey(each.id())) {
                found("unexpected predictions", each.id() + " of " + key);
            } else if (!seen.add(each.id())) {
                found("duplicate predictions", each.id() + " of " + key);
            } else {
                order.add(each.id());
                compare(key, each, byId.get(each.id()));
            }
        }
        List<String> wanted = new ArrayList<>();
        for (Predicted each : expected) {
            if (seen.contains(each.id())) {
                wanted.add(each.id());
            } else {
                found("missing predictions", each.id() + " of " + key);
            }
        }
        if (!order.equals(wanted)) {
            found("keys whose predictions are out of order", key);
        }
    }

    private void compare(String key, Predicted made, Predicted expected) {
        String name = made.id() + " of " + key;
        if (made.version() != expected.version()) {
            found("wrong versions", name + " is " + made.version() + " instead of " + expected.version());
        }
        compare("wrong scores", name, made.scores(), expected.scores());
    }

    /**
     * Compares the rows of all models.
     *
     * @param tolerance as for predictions
     * @return empty if they are the same
     */
    static List<String> ofRows(Map<String, float[]> made, Map<String, float[]> expected, float tolerance) {
        Differences differences = new Differences(tolerance);
        Set<String> keys = new TreeSet<>(made.keySet());
        keys.addAll(expected.keySet());
        for (String key : keys) {
            if (!made.containsKey(key)) {
                differences.found("missing rows", key);
            } else if (!expected.containsKey(key)) {
                differences.found("unexpected rows", key);
            } else {
                differences.compare("wrong rows", key, made.get(key), expected.get(key));
            }
        }
        return differences.lines();
    }

    /** Finds at most the first float that differs. */
    private void compare(String kind, String name, float[] made, float[] expected) {
        if (made.length != expected.length) {
            found(kind, name + " has " + made.length + " floats instead of " + expected.length);
            return;
        }
        for (int i = 0; i < made.length; i++) {
            if (!same(made[i], expected[i])) {
                found(kind, "%s at %d: %s instead of %s".formatted(name, i, bits(made[i]), bits(expected[i])));
                return;
            }
        }
    }

    private boolean same(float made, float expected) {
        return tolerance == 0
                ? Float.floatToRawIntBits(made) == Float.floatToRawIntBits(expected)
                : Math.abs(made - expected) <= tolerance * Math.max(1, Math.abs(expected));
    }

    private static String bits(float value) {
        return value + " (" + Integer.toHexString(Float.floatToRawIntBits(value)) + ")";
    }

    private void found(String kind, String name) {
        faults.computeIfAbsent(kind, none -> new ArrayList<>()).add(name);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        faults.forEach((kind, names) -> lines.add("%d %s: %s%s"
                .formatted(
                        names.size(),
                        kind,
                        String.join(", ", names.subList(0, Math.min(NAMED, names.size()))),
                        names.size() > NAMED ? ", ..." : "")));
        return lines;
    }
}
