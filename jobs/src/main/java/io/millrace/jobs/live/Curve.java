package io.millrace.jobs.live;

import java.util.ArrayList;
import java.util.List;

/**
 * The whole course of a job in a bounded number of points: when there are too many, every second one goes, and from then
 * on only every second one stays. The newest is always there. Used by one thread at a time.
 */
final class Curve {
    private final int most;
    private final List<Point> points = new ArrayList<>();
    private int every = 1; // so many points are told for one that stays
    private int since; // told since the last that stays
    private int unchanged; // points that will not change any more, unless generations do
    private long generation;

    /**
     * A curve without points.
     *
     * @param most points to keep, at least 4
     */
    Curve(int most) {
        this.most = most;
    }

    void add(Point point) {
        boolean again = false;
        while (!points.isEmpty() && last().events() > point.events()) {
            points.remove(points.size() - 1); // the job went back to a checkpoint, and does these events again
            again = true;
        }
        if (again) {
            generation++;
            since = 0;
        }
        if (since > 0) {
            points.remove(points.size() - 1);
        }
        unchanged = points.size();
        points.add(point);
        since = (since + 1) % every;
        if (since == 0) {
            unchanged = points.size();
            thin();
        }
    }

    private void thin() {
        if (points.size() < most) {
            return;
        }
        List<Point> kept = new ArrayList<>(most);
        for (int i = points.size() - 1; i >= 0; i -= 2) {
            kept.add(0, points.get(i));
        }
        points.clear();
        points.addAll(kept);
        unchanged = points.size();
        every *= 2;
        generation++;
    }

    private Point last() {
        return points.get(points.size() - 1);
    }

    /** Changes whenever points that were said not to change have changed. */
    long generation() {
        return generation;
    }

    /** How many points, the oldest, will not change within this generation. */
    int unchanged() {
        return unchanged;
    }

    /** A copy of the points from one on. */
    List<Point> from(int first) {
        return List.copyOf(points.subList(first, points.size()));
    }
}
