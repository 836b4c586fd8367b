package io.millrace.models.lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many floats at a time as the processor's registers hold, with the Vector API; what is left over at the end of a
 * stretch goes one by one.
 *
 * <p>Registers of 16 floats divide no faster than those of 8, but with half the instructions in flight the processor
 * asks for memory earlier: a step over a row from memory is faster by 5 to 9 %. Only one width may be used in a JVM:
 * where the compiler has seen two, vectors carried around a loop become objects, at ten times the cost.
 *
 * <p>Sums leave their registers through memory: the API does not promise the order in which its own reductions add, and
 * the interpreter's may differ from the compiler's.
 */
final class VectorLanes implements Lanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int BLOCK = 4 * LANES;

    private final float[] lanes = new float[LANES];

    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(SPECIES, array, at);
    }

    /** Keeps a block of y in registers while it passes over the rows of the matrix. */
    @Override
    public void addVectorMatrix(float[] x, float[] row, Matrix matrix, float[] y) {
        int columns = matrix.columns();
        int j = 0;
        for (; j <= columns - BLOCK; j += BLOCK) {
            addBlock(x, row, matrix, y, j);
        }
        for (; j <= columns - LANES; j += LANES) {
            FloatVector sum = load(y, j);
            for (int i = 0, at = matrix.at() + j; i < matrix.rows(); i++, at += columns) {
                sum = sum.add(load(row, at).mul(x[i]));
            }
            sum.intoArray(y, j);
        }
        for (int i = 0, at = matrix.at(); i < matrix.rows() && j < columns; i++, at += columns) {
            for (int rest = j; rest < columns; rest++) {
                y[rest] += x[i] * row[at + rest];
            }
        }
    }

    /** The upper and the lower half of the matrix by turns, for the reason of {@link Matrix#interleaved}. */
    private static void addBlock(float[] x, float[] row, Matrix matrix, float[] y, int j) {
        FloatVector a = load(y, j);
        FloatVector b = load(y, j + LANES);
        FloatVector c = load(y, j + 2 * LANES);
        FloatVector d = load(y, j + 3 * LANES);
        int half = matrix.rows() / 2;
        int upper = matrix.at() + j;
        int lower = upper + half * matrix.columns();
        for (int i = 0; i < half; i++, upper += matrix.columns(), lower += matrix.columns()) {
            a = a.add(load(row, upper).mul(x[i]));
            b = b.add(load(row, upper + LANES).mul(x[i]));
            c = c.add(load(row, upper + 2 * LANES).mul(x[i]));
            d = d.add(load(row, upper + 3 * LANES).mul(x[i]));
            a = a.add(load(row, lower).mul(x[half + i]));
            b = b.add(load(row, lower + LANES).mul(x[half + i]));
            c = c.add(load(row, lower + 2 * LANES).mul(x[half + i]));
            d = d.add(load(row, lower + 3 * LANES).mul(x[half + i]));
        }
        for (int i = 2 * half; i < matrix.rows(); i++) {
            a = a.add(load(row, lower).mul(x[i]));
            b = b.add(load(row, lower + LANES).mul(x[i]));
            c = c.add(load(row, lower + 2 * LANES).mul(x[i]));
            d = d.add(load(row, lower + 3 * LANES).mul(x[i]));
        }
        a.intoArray(y, j);
        b.intoArray(y, j + LANES);
        c.intoArray(y, j + 2 * LANES);
        d.intoArray(y, j + 3 * LANES);
    }

    @Override
    public void addMatrixVector(float[] row, Matrix matrix, float[] x, float[] y) {
        int columns = matrix.columns();
        for (int i = 0, at = matrix.at(); i < matrix.rows(); i++, at += columns) {
            y[i] = dot(row, at, x, columns, y[i]);
        }
    }

    @Override
    public float dot(float[] left, float[] right) {
        return dot(left, 0, right, left.length, 0);
    }

    private float dot(float[] left, int at, float[] right, int count, float first) {
        FloatVector products = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            products = products.add(load(left, at + i).mul(load(right, i)));
        }
        float rest = first;
        for (; i < count; i++) {
            rest += left[at + i] * right[i];
        }
        products.intoArray(lanes, 0);
        return total() + rest;
    }

    @Override
    public float sum(float[] values) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= values.length - LANES; i += LANES) {
            sums = sums.add(load(values, i));
        }
        float rest = 0;
        for (; i < values.length; i++) {
            rest += values[i];
        }
        sums.intoArray(lanes, 0);
        return total() + rest;
    }

    /** Of the lanes: a vector handed to a method that is not compiled into its caller would become an object. */
    private float total() {
        float even = 0;
        float odd = 0;
        for (int lane = 0; lane < LANES; lane += 2) {
            even += lanes[lane];
            odd += lanes[lane + 1];
        }
        return even + odd;
    }

    @Override
    public void descend(float[] row, int at, int count, float[] gradient, int from, float factor) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            load(row, at + i).sub(load(gradient, from + i).mul(factor)).intoArray(row, at + i);
        }
        for (; i < count; i++) {
            row[at + i] -= factor * gradient[from + i];
        }
    }

    @Override
    public void momentum(
            int velocity,
            float keep,
            float rate,
            float[] row,
            int at,
            int count,
            float[] gradient,
            int from,
            float scale) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector kept = load(row, velocity + at + i).mul(keep);
            FloatVector speed = kept.add(load(gradient, from + i).mul(scale));
            speed = speed.add(FLUSH).sub(FLUSH);
            speed.intoArray(row, velocity + at + i);
            load(row, at + i).sub(speed.mul(rate)).intoArray(row, at + i);
        }
        for (; i < count; i++) {
            float speed = keep * row[velocity + at + i] + scale * gradient[from + i];
            speed = (speed + FLUSH) - FLUSH;
            row[velocity + at + i] = speed;
            row[at + i] -= rate * speed;
        }
    }

    @Override
    public void adam(
            Moments moments,
            float rate,
            float rootScale,
            float[] row,
            int at,
            int count,
            float[] gradient,
            int from,
            float scale) {
        int means = moments.means() + at;
        int squares = moments.squares() + at;
        float keepMean = moments.keepMean();
        float takeMean = moments.takeMean();
        float keepSquare = moments.keepSquare();
        float takeSquare = moments.takeSquare();
        float epsilon = moments.epsilon();
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            FloatVector slope = load(gradient, from + i).mul(scale);
            FloatVector mean = load(row, means + i).mul(keepMean).add(slope.mul(takeMean));
            FloatVector square = load(row, squares + i)
                    .mul(keepSquare)
                    .add(slope.mul(takeSquare).mul(slope));
            mean = mean.add(FLUSH).sub(FLUSH);
            square = square.add(FLUSH_SQUARE).sub(FLUSH_SQUARE);
            mean.intoArray(row, means + i);
            square.intoArray(row, squares + i);
            FloatVector root =
                    square.lanewise(VectorOperators.SQRT).mul(rootScale).add(epsilon);
            load(row, at + i).sub(mean.mul(rate).div(root)).intoArray(row, at + i);
        }
        for (; i < count; i++) {
            float slope = scale * gradient[from + i];
            float mean = keepMean * row[means + i] + takeMean * slope;
            float square = keepSquare * row[squares + i] + takeSquare * slope * slope;
            mean = (mean + FLUSH) - FLUSH;
            square = (square + FLUSH_SQUARE) - FLUSH_SQUARE;
            row[means + i] = mean;
            row[squares + i] = square;
            row[at + i] -= mean * rate / ((float) Math.sqrt(square) * rootScale + epsilon);
        }
    }
}
