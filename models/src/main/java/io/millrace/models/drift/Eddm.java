package io.millrace.models.drift;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;

/**
 * Early Drift Detection Method: the distance between errors, in events, has shrunk.
 *
 * <p>What is compared is mean plus two deviations of the distances against the largest that it was after the first
 * errors, where the paper leaves open from when on it counts. The way to the very first error is no distance.
 *
 * @see "M. Baena-Garcia et al., Early Drift Detection Method, 2006, section 3"
 */
@Term(value = "eddm", about = "Distance between errors against its largest so far; for gradual changes.")
public record Eddm(
        @Setting(value = "Share of the largest distance below which is drift.", byDefault = "0.9", above = 0, below = 1)
        double level,

        @Setting(value = "Errors before it looks for drift.", byDefault = "30", atLeast = 2)
        long after)
        implements Detector {
    private static final int EVENTS = 0;
    private static final int LAST_ERROR = Doubles.FLOATS; // number of its event
    private static final int ERRORS = 2 * Doubles.FLOATS;
    private static final int SQUARES = 3 * Doubles.FLOATS; // of the distances
    private static final int FIRST_ERROR = 4 * Doubles.FLOATS;
    private static final int LARGEST = 5 * Doubles.FLOATS;

    public Eddm {
        Settings.check(Eddm.class, level, after);
    }

    @Override
    public int floats() {
        return 6 * Doubles.FLOATS;
    }

    @Override
    public boolean binary() {
        return true;
    }

    @Override
    public Sentinel sentinel(int at) {
        return forgetful(at, (row, value) -> update(row, at, value));
    }

    private boolean update(float[] row, int at, double value) {
        double events = Doubles.add(row, at + EVENTS, 1);
        return value > 0 && error(row, at, events);
    }

    private boolean error(float[] row, int at, double event) {
        double errors = Doubles.add(row, at + ERRORS, 1);
        double distance = event - Doubles.get(row, at + LAST_ERROR);
        Doubles.put(row, at + LAST_ERROR, event);
        if (errors == 1) {
            Doubles.put(row, at + FIRST_ERROR, event);
            return false;
        }
        double squares = Doubles.add(row, at + SQUARES, distance * distance);
        if (errors < after) {
            return false;
        }
        double mean = (event - Doubles.get(row, at + FIRST_ERROR)) / (errors - 1);
        double size = mean + 2 * Math.sqrt(Math.max(0, squares / (errors - 1) - mean * mean));
        double largest = Doubles.get(row, at + LARGEST);
        if (size > largest) {
            Doubles.put(row, at + LARGEST, size);
            return false;
        }
        return size < level * largest;
    }
}
