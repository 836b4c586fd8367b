package io.millrace.tests.bench;

import java.util.Locale;

/**
 * What was measured of a comparison.
 *
 * @param rate median of the subject
 * @param baseline median of the baseline, in the same unit
 * @param ratio rate over baseline
 * @param target the least ratio; 0 if none is known
 * @param met whether the ratio reaches the target
 */
record Figure(String name, double rate, String unit, double baseline, double ratio, double target, boolean met) {
    static final String HEADER = String.format(
            Locale.ROOT, "%-36s %12s %12s %8s %8s", "events per CPU second", "rate", "baseline", "ratio", "target");

    static Figure of(Comparison comparison, double rate, double baseline) {
        double ratio = rate / baseline;
        return new Figure(
                comparison.name(),
                rate,
                "events/s",
                baseline,
                ratio,
                comparison.target(),
                ratio >= comparison.target());
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-36s %,12.0f %,12.0f %8.2f %8.2f %s",
                name,
                rate,
                baseline,
                ratio,
                target,
                target == 0 ? "" : met ? "met" : "missed");
    }
}
