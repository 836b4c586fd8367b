package io.millrace.models.drift;

import io.millrace.models.Target;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model does when its own predictions have become worse, and what tells so. Every event that is learnt is
 * watched, in the prediction that was made before.
 */
public sealed interface OnDrift extends Serializable {
    /** What is said of {@link #detector}. */
    String DETECTOR = "What tells that errors have risen.";

    /** What is said of {@link #watch}. */
    String WATCH = "What it looks at: error, or loss as 1 - exp(-loss); what fits the label, when left out.";

    /** What is watched, in [0, 1]. */
    enum Watch {
        /** 1 if the chosen class is wrong, else 0. */
        ERROR,
        /** 1 - exp(-loss): for cross-entropy the probability that the label's class was not given. */
        LOSS
    }

    /** What tells that it has risen. */
    Detector detector();

    /** What is watched; null for what fits: errors of classes, the loss of values. */
    @Nullable
    Watch watch();

    /** Factor of the steps after an alarm. */
    default double factor() {
        return 1;
    }

    /** For how many steps. */
    default int updates() {
        return 0;
    }

    /** Counts and tells. */
    @Term(value = "report", about = "Counts alarms in telemetry.")
    record Report(
            @Setting(value = DETECTOR, byDefault = "adwin") Detector detector,

            @Setting(value = WATCH, optional = true) @Nullable
            Watch watch)
            implements OnDrift {
        public Report {
            Settings.check(Report.class, detector, watch);
        }
    }

    /** Learns faster for a while. */
    @Term(value = "boost", about = "Multiplies the learning rate for some updates.")
    record Boost(
            @Setting(value = "Factor of the steps after an alarm.", byDefault = "4.0", above = 0)
            double factor,

            @Setting(
                    value = "Updates until the learning rate is as before.",
                    byDefault = "500",
                    atLeast = 1,
                    atMost = 1e7)
            int updates,

            @Setting(value = DETECTOR, byDefault = "adwin") Detector detector,

            @Setting(value = WATCH, optional = true) @Nullable
            Watch watch)
            implements OnDrift {
        public Boost {
            Settings.check(Boost.class, factor, updates, detector, watch);
        }
    }

    /** Begins anew. */
    @Term(value = "reset", about = "Forgets everything but the last label, and starts from the prior or initial model.")
    record Reset(
            @Setting(value = DETECTOR, byDefault = "adwin") Detector detector,

            @Setting(value = WATCH, optional = true) @Nullable
            Watch watch)
            implements OnDrift {
        public Reset {
            Settings.check(Reset.class, detector, watch);
        }
    }

    /** Where everything that is remembered lies in a row. */
    record Places(OnDrift spec, boolean errors, Range detector, Range alarms, Range boosted) {
        /** The watch over rows of a layout; belongs to one thread. */
        public Lookout lookout(Layout layout) {
            return new Lookout(this, layout);
        }

        /** The stretch that holds everything. */
        public Range memory() {
            int length = boosted.offset() + boosted.length() - detector.offset();
            return new Range(Section.COUNTERS, "drift", List.of(length), detector.offset(), -1);
        }

        /** How often a row has alarmed, up to 2^24. */
        public long alarms(float[] row, Layout layout) {
            return (long) row[layout.at(alarms)];
        }
    }

    /**
     * Lays it out for a target.
     *
     * @throws IllegalArgumentException if what is watched does not fit the target or the detector
     */
    default Places compile(Target target, Layout.Builder layout) {
        boolean classes = !target.classes().isEmpty();
        Watch watched = watch();
        boolean errors = watched == null ? classes : watched == Watch.ERROR;
        String detector = Settings.term(detector().getClass());
        if (errors && !classes) {
            throw new IllegalArgumentException(
                    "on-drift: watch: error needs classes, and the label is a value: use loss");
        }
        if (!errors && detector().binary()) {
            throw new IllegalArgumentException("on-drift: detector " + detector
                    + " needs right or wrong, and watches a loss: use adwin, hddm-a, page-hinkley or kswin");
        }
        return new Places(
                this,
                errors,
                layout.add(
                        Section.COUNTERS,
                        "drift." + detector,
                        Initializer.ZEROS,
                        detector().floats()),
                layout.add(Section.COUNTERS, "drift.alarms", Initializer.ZEROS, 1),
                layout.add(Section.COUNTERS, "drift.boosted", Initializer.ZEROS, 1));
    }
}
