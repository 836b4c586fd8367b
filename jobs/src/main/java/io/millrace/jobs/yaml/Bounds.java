package io.millrace.jobs.yaml;

import java.util.Map;

/** Numbers in a JSON Schema. */
final class Bounds {
    private Bounds() {}

    /** Sets a keyword unless its bound is infinite. */
    static void put(Map<String, Object> schema, String keyword, double bound) {
        if (Double.isFinite(bound)) {
            schema.put(keyword, shown(bound));
        }
    }

    private static Number shown(double number) {
        if (number == Math.rint(number)) {
            return (long) number;
        }
        return number;
    }
}
