package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import java.util.Arrays;
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
            descent.begin(row, update, 0, 1);
            descent.step(row, 0, 1, new float[] {1}, 0, 1);
        }
        assertThat(row[0]).isCloseTo(1 - 0.1f * (0.25f + 0.5f + 0.75f + 1 + 1), within(1e-6f));
    }

    @Test
    void plateauHalvesTheStepWhenTheMeanLossHasStoppedFalling() {
        Schedule schedule = new Schedule.ReduceOnPlateau(0.5, 1, 0.1, 2, 0.2);
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ZEROS, 1);
        Range memory = builder.add(Section.BUFFERS, Schedule.MEMORY, Initializer.ZEROS, schedule.memory());
        Layout layout = builder.build(List.of());
        float[] row = layout.initialRow();
        Descent descent = schedule.descent(new Sgd(1).descent(layout), layout);
        // means 8, 6 (better), 5 (better), 5.5, 4.75 (not a tenth below): two bad ones
        assertThat(steps(descent, row, 8, 4, 4, 6, 4)).containsExactly(1, 1, 1, 1, 1);
        assertThat(memory(layout, memory, row)).containsExactly(2, 4.75f, 4.75f, 0, 1);
        // means 4.625, 3.3125 (better), 3.65625, 3.828125: two bad ones
        assertThat(steps(descent, row, 4.5, 2, 4, 4)).containsExactly(0.5f, 0.5f, 0.5f, 0.5f);
        assertThat(memory(layout, memory, row)).containsExactly(2, 3.828125f, 3.828125f, 0, 2);
        assertThat(steps(descent, row, 9, 9, 9, 9, 9)).containsExactly(0.25f, 0.25f, 0.2f, 0.2f, 0.2f); // the least
    }

    @Test
    void plateauOfAWindowOfOneComparesEachLossWithTheBest() {
        Schedule schedule = new Schedule.ReduceOnPlateau(0.5, 1, 0.1, 1, 0.2);
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ZEROS, 1);
        builder.add(Section.BUFFERS, Schedule.MEMORY, Initializer.ZEROS, schedule.memory());
        Layout layout = builder.build(List.of());
        Descent descent = schedule.descent(new Sgd(1).descent(layout), layout);
        // 4 is the best, 6 and 5 are two bad ones
        assertThat(steps(descent, layout.initialRow(), 8, 4, 6, 5, 4)).containsExactly(1, 1, 1, 1, 0.5f);
    }

    /** How far each update moves the parameter. */
    private static float[] steps(Descent descent, float[] row, double... losses) {
        float[] steps = new float[losses.length];
        for (int i = 0; i < losses.length; i++) {
            row[0] = 0;
            descent.begin(row, 1 + i, losses[i], 1);
            descent.step(row, 0, 1, new float[] {-1}, 0, 1);
            steps[i] = row[0];
        }
        return steps;
    }

    private static float[] memory(Layout layout, Range memory, float[] row) {
        return Arrays.copyOfRange(row, layout.at(memory), layout.at(memory) + memory.length());
    }
}
