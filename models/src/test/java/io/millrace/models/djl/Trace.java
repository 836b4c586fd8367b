package io.millrace.models.djl;

import io.millrace.models.Outcome;
import io.millrace.models.Outcome.Status;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything a stream leads to.
 *
 * @param outcomes of every event: scores, loss, previous label, version, status
 * @param rows of every key at the end
 */
record Trace(List<double[]> outcomes, double[][] rows) {
    /** What the jvm executor makes of a case. */
    static Trace jvm(RandomCase each) {
        return jvm(each, initialRows(each.program()));
    }

    /** What the jvm executor makes of a case and of rows, which it overwrites. */
    static Trace jvm(RandomCase each, float[][] rows) {
        Program program = each.program();
        JvmExecutor executor = new JvmExecutor(program);
        Outcome outcome = new Outcome(program.problem().target().scores());
        List<double[]> outcomes = new ArrayList<>();
        for (List<Event> round : each.rounds()) {
            for (Event e : round) {
                executor.step(rows[e.key()], e.features(), e.label(), e.weight(), e.learn(), outcome);
                outcomes.add(flat(outcome));
            }
        }
        return new Trace(outcomes, doubles(rows));
    }

    /** What the djl executor makes of a case, in batches of up to a number of events. */
    static Trace djl(RandomCase each, int capacity) {
        return djl(each, capacity, initialRows(each.program()));
    }

    /** What the djl executor makes of a case and of rows, which it overwrites. */
    static Trace djl(RandomCase each, int capacity, float[][] rows) {
        Program program = each.program();
        Outcome outcome = new Outcome(program.problem().target().scores());
        List<double[]> outcomes = new ArrayList<>();
        try (DjlExecutor executor = new DjlExecutor(program, RandomCase.KEYS, Device.CPU)) {
            for (int key = 0; key < RandomCase.KEYS; key++) {
                executor.write(key, rows[key]);
            }
            Batch batch = new Batch(program, capacity);
            for (List<Event> round : each.rounds()) {
                for (int from = 0; from < round.size(); from += capacity) {
                    batch.clear();
                    List<Event> events = round.subList(from, Math.min(round.size(), from + capacity));
                    events.forEach(e -> batch.add(e.key(), e.features(), e.label(), e.weight(), e.learn()));
                    executor.step(batch);
                    for (int sample = 0; sample < events.size(); sample++) {
                        batch.outcome(sample, outcome);
                        outcomes.add(flat(outcome));
                    }
                }
            }
            for (int key = 0; key < RandomCase.KEYS; key++) {
                executor.read(key, rows[key]);
            }
        }
        return new Trace(outcomes, doubles(rows));
    }

    static float[][] initialRows(Program program) {
        float[][] rows = new float[RandomCase.KEYS][];
        for (int key = 0; key < rows.length; key++) {
            rows[key] = program.initialRow("key " + key);
        }
        return rows;
    }

    private static double[] flat(Outcome outcome) {
        int scores = outcome.scores.length;
        double[] flat = new double[scores + 4];
        for (int i = 0; i < scores; i++) {
            flat[i] = outcome.scores[i];
        }
        flat[scores] = (float) outcome.loss;
        flat[scores + 1] = outcome.previousLabel;
        flat[scores + 2] = outcome.version;
        flat[scores + 3] = StepScript.STATUSES.indexOf(outcome.status);
        return flat;
    }

    private static double[][] doubles(float[][] rows) {
        double[][] doubles = new double[rows.length][rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            for (int at = 0; at < rows[row].length; at++) {
                doubles[row][at] = rows[row][at];
            }
        }
        return doubles;
    }

    /** The end of the trace, from an event on. */
    Trace from(int event) {
        return new Trace(outcomes.subList(event, outcomes.size()), rows);
    }

    /** What came before an event; without the rows, unless that is all. */
    Trace until(int event) {
        return event == outcomes.size() ? this : new Trace(outcomes.subList(0, event), new double[0][]);
    }

    /** True if every bit is the same. */
    boolean same(Trace other) {
        return Arrays.deepEquals(outcomes.toArray(), other.outcomes.toArray()) && Arrays.deepEquals(rows, other.rows);
    }

    /** True if an event was neither predicted nor learnt from as it was to be. */
    boolean refused(int event) {
        double[] outcome = outcomes.get(event);
        Status status = StepScript.STATUSES.get((int) outcome[outcome.length - 1]);
        return status == Status.REFUSED_SCORES || status == Status.REFUSED_STEP;
    }

    /** True if an event has scores. */
    boolean predicted(int event) {
        return Double.isFinite(outcomes.get(event)[0]);
    }

    /** Previous label, version and status of an event. */
    double[] facts(int event) {
        double[] outcome = outcomes.get(event);
        return Arrays.copyOfRange(outcome, outcome.length - 3, outcome.length);
    }

    /**
     * The farthest apart that two numbers of the traces are, below 1 as a difference, above as a share of the larger: of
     * scores and losses of events that were not refused, each divided by the largest feature, since an outlier magnifies
     * what little two weights differ by; and of parameters, slots and statistics at the end.
     */
    double distance(Trace other, RandomCase each) {
        double distance = 0;
        List<Event> events = each.rounds().stream().flatMap(List::stream).toList();
        for (int event = 0; event < outcomes.size(); event++) {
            double[] one = outcomes.get(event);
            double[] two = other.outcomes.get(event);
            for (int i = 0; i < one.length - 3 && !refused(event); i++) {
                distance = Math.max(
                        distance,
                        apart(one[i], two[i]) / largest(events.get(event).features()));
            }
        }
        Program program = each.program();
        for (int key = 0; key < rows.length; key++) {
            for (int at = 0; at < rows[key].length; at++) {
                distance = isLearnt(program, at)
                        ? Math.max(distance, apart(rows[key][at], other.rows[key][at]))
                        : distance;
            }
        }
        return distance;
    }

    /** True of parameters, slots and statistics; false of counters. */
    static boolean isLearnt(Program program, int at) {
        return at % program.member().width() < program.member().start(Section.COUNTERS);
    }

    private static double apart(double one, double other) {
        if (Double.compare(one, other) == 0) {
            return 0;
        }
        double apart = Math.abs(one - other) / Math.max(1, Math.max(Math.abs(one), Math.abs(other)));
        return Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
    }

    /** The largest feature by amount, at least 1. */
    static float largest(float[] features) {
        float largest = 1;
        for (float feature : features) {
            largest = Math.abs(feature) > largest ? Math.abs(feature) : largest;
        }
        return largest;
    }
}
