package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Schedules at chosen updates, and a step that one slows. */
class ScheduleTest {
    private static void shares(Schedule schedule, long[] updates, double... shares) {
        assertThat(LongStream.of(updates).mapToDouble(schedule::at).toArray()).containsExactly(shares, within(1e-9));
    }

    @Test
    void constantTakesTheWholeStep() {
        shares(new Schedule.Constant(), new long[] {1, 1000}, 1, 1);
    }

    @Test
    void warmUpGrowsEvenlyThenStays() {
        shares(new Schedule.WarmUp(4), new long[] {1, 3, 4, 100}, 0.25, 0.75, 1, 1);
    }

    @Test
    void stepFallsEverySoManyUpdates() {
        shares(new Schedule.Step(10, 0.5), new long[] {1, 10, 11, 21}, 1, 1, 0.5, 0.25);
    }

    @Test
    void exponentialHalvesOncePerHalfLife() {
        shares(new Schedule.Exponential(10), new long[] {1, 11, 21}, 1, 0.5, 0.25);
    }

    @Test
    void inverseSqrtGrowsThenFallsWithTheRoot() {
        shares(new Schedule.InverseSqrt(4), new long[] {1, 4, 16, 400}, 0.25, 1, 0.5, 0.1);
    }

    @Test
    void cosineFallsAndRestarts() {
        shares(new Schedule.Cosine(4), new long[] {1, 3, 4, 5, 7}, 1, 0.5, 0.5 - 0.5 * Math.sqrt(0.5), 1, 0.5);
    }

    @Test
    void slantedTriangleGrowsForATenthAndFallsToOne32nd() {
        double low = 1 / 32.0;
        shares(
                new Schedule.SlantedTriangular(100),
                new long[] {5, 10, 55, 100, 1000},
                (1 + 0.5 * 31) / 32,
                1,
                (1 + 0.5 * 31) / 32,
                low,
                low);
    }

    @Test
    void shareOfTheStepIsTaken() {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ONES, 1);
        Layout layout = builder.build(List.of());
        float[] row = layout.initialRow();
        Descent descent = new Schedule.WarmUp(4).descent(new Sgd(0.1).descent(layout), layout);
        for (int update = 1; update <= 5; update++) {
            descent.begin(update);
            descent.step(row, 0, 1, new float[] {1}, 0, 1);
        }
        assertThat(row[0]).isCloseTo(1 - 0.1f * (0.25f + 0.5f + 0.75f + 1 + 1), within(1e-6f));
    }
}
