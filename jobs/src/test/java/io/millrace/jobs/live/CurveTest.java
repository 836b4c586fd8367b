package io.millrace.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveTest {
    private static final int MOST = 16;

    private final Curve curve = new Curve(MOST);

    @Test
    void keepsTheWholeCourseInBoundedRoomAndTheNewestAlways() {
        for (int event = 1; event <= 10_000; event++) {
            curve.add(point(event));

            List<Point> points = curve.from(0);
            assertThat(points).hasSizeLessThanOrEqualTo(MOST);
            assertThat(points.get(points.size() - 1).events()).isEqualTo(event);
        }
        List<Long> events = curve.from(0).stream().map(Point::events).toList();
        assertThat(events).isSorted().hasSizeGreaterThanOrEqualTo(MOST / 2);
        assertThat(events.get(0)).isLessThanOrEqualTo(10_000 / (MOST / 2));
        for (int i = 2; i < events.size() - 1; i++) {
            assertThat(events.get(i) - events.get(i - 1)).isEqualTo(events.get(1) - events.get(0));
        }
    }

    @Test
    void forgetsWhatTheJobDoesAgain() {
        curve.add(point(1));
        curve.add(point(5));
        curve.add(point(9));
        curve.add(point(5));

        assertThat(curve.from(0)).extracting(Point::events).containsExactly(1L, 5L, 5L);
    }

    @Test
    void whoReplacesWhatMayChangeSeesTheSameCurve() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            Curve told = new Curve(4 + random.nextInt(20));
            List<Point> seen = new ArrayList<>();
            long generation = -1;
            int unchanged = 0;
            int event = 0;
            for (int news = 0; news < 100; news++) {
                for (int several = random.nextInt(5); several >= 0; several--) {
                    event = random.nextInt(20) == 0 ? event / 2 : event + 1 + random.nextInt(3);
                    told.add(point(event));
                }
                int from = generation == told.generation() ? unchanged : 0;
                seen = new ArrayList<>(seen.subList(0, from));
                seen.addAll(told.from(from));
                generation = told.generation();
                unchanged = told.unchanged();

                assertThat(seen).as("round %d", round).isEqualTo(told.from(0));
            }
        }
    }

    private static Point point(long events) {
        return new Point(events, events, 0.5, null, null, null, null, null, null, 0);
    }
}
