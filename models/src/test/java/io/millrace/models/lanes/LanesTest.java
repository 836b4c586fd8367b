package io.millrace.models.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain loops and the Vector API against each other, over stretches shorter and longer than a register and a copy. */
class LanesTest {
    private static final int WIDTH = 2000;

    private final Random random = new Random(5);
    private final List<Lanes> both = List.of(new LoopLanes(), Choice.vectorLanes());

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 33, 64, 100, 300})
    void productsAndSumsAgree(int columns) {
        int rows = 5;
        Matrix matrix = new Matrix(7, rows, columns);
        float[] row = numbers(WIDTH);
        float[] x = numbers(rows);
        float[] y = numbers(columns);
        float[][] left = {y.clone(), y.clone()};
        float[][] right = {x.clone(), x.clone()};
        for (int i = 0; i < 2; i++) {
            both.get(i).addVectorMatrix(x, row, matrix, left[i]);
            both.get(i).addMatrixVector(row, matrix, y, right[i]);
        }
        assertThat(left[1]).containsExactly(left[0], within(1e-5f));
        assertThat(right[1]).containsExactly(right[0], within(2e-5f));
        for (Lanes lanes : both) {
            assertThat((double) lanes.dot(y, y)).isCloseTo(lanes.squares(y), within(1e-3));
            assertThat(lanes.sum(y)).isCloseTo(both.get(0).sum(y), within(1e-5f));
            assertThat(left[0][columns - 1])
                    .isCloseTo(product(x, row, matrix, columns - 1) + y[columns - 1], within(1e-5f));
        }
    }

    private static float product(float[] x, float[] row, Matrix matrix, int column) {
        float sum = 0;
        for (int i = 0; i < matrix.rows(); i++) {
            sum += x[i] * row[matrix.at() + i * matrix.columns() + column];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 33, 64, 100, 300})
    void optimizersGiveTheSameBits(int count) {
        float[] start = numbers(WIDTH);
        for (int i = 1300; i < WIDTH; i++) {
            start[i] = Math.abs(start[i]);
        }
        float[] gradient = numbers(count + 2);
        Moments moments = new Moments(600, 1300, 0.9f, 0.1f, 0.999f, 0.001f, 1e-8f);
        float[][] rows = {start.clone(), start.clone()};
        for (int i = 0; i < 2; i++) {
            both.get(i).descend(rows[i], 3, count, gradient, 2, 0.5f);
            both.get(i).momentum(900, 0.9f, 0.1f, rows[i], 3, count, gradient, 2, 0.5f);
            both.get(i).adam(moments, 0.01f, 1.5f, rows[i], 3, count, gradient, 2, 0.5f);
        }
        assertThat(rows[1]).isEqualTo(rows[0]).isNotEqualTo(start);
        assertThat(rows[0][2]).isEqualTo(start[2]);
        assertThat(rows[0][3 + count]).isEqualTo(start[3 + count]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void squaresBeyondTheRangeOfAFloatAreSummed(int count) {
        float[] values = numbers(count);
        values[0] = 1e25f;
        for (Lanes lanes : both) {
            assertThat(lanes.squares(values)).isCloseTo(1e50, within(1e44));
        }
    }
}
