package io.millrace.models.lanes;

/**
 * Plain loops in the shapes that the JIT compiler vectorizes: over different arrays with one index, which is why
 * stretches of a row are copied out first. Sums run in four chains, each of which may wait for its last addition.
 */
final class LoopLanes implements Lanes {
    private static final int STRETCH = 256;

    private final float[] p = new float[STRETCH];
    private final float[] g = new float[STRETCH];
    private final float[] m = new float[STRETCH];
    private final float[] v = new float[STRETCH];

    @Override
    public void addVectorMatrix(float[] x, float[] row, Matrix matrix, float[] y) {
        int columns = matrix.columns();
        for (int i = 0, at = matrix.at(); i < matrix.rows(); i++, at += columns) {
            if (columns <= STRETCH) {
                System.arraycopy(row, at, p, 0, columns);
                add(x[i], p, y, columns);
            } else {
                for (int j = 0; j < columns; j++) {
                    y[j] += x[i] * row[at + j];
                }
            }
        }
    }

    private static void add(float factor, float[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] += factor * from[i];
        }
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

    private static float dot(float[] left, int at, float[] right, int count, float first) {
        float a = first;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            a += left[at + i] * right[i];
            b += left[at + i + 1] * right[i + 1];
            c += left[at + i + 2] * right[i + 2];
            d += left[at + i + 3] * right[i + 3];
        }
        for (; i < count; i++) {
            a += left[at + i] * right[i];
        }
        return (a + b) + (c + d);
    }

    @Override
    public float sum(float[] values) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i <= values.length - 4; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < values.length; i++) {
            a += values[i];
        }
        return (a + b) + (c + d);
    }

    @Override
    public void descend(float[] row, int at, int count, float[] gradient, int from, float factor) {
        for (int done = 0; done < count; done += STRETCH) {
            int length = Math.min(STRETCH, count - done);
            System.arraycopy(gradient, from + done, g, 0, length);
            System.arraycopy(row, at + done, p, 0, length);
            add(-factor, g, p, length);
            System.arraycopy(p, 0, row, at + done, length);
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
        for (int done = 0; done < count; done += STRETCH) {
            int length = Math.min(STRETCH, count - done);
            System.arraycopy(gradient, from + done, g, 0, length);
            System.arraycopy(row, at + done, p, 0, length);
            System.arraycopy(row, velocity + at + done, v, 0, length);
            for (int i = 0; i < length; i++) {
                float speed = keep * v[i] + scale * g[i];
                speed = (speed + FLUSH) - FLUSH;
                v[i] = speed;
                p[i] -= rate * speed;
            }
            System.arraycopy(p, 0, row, at + done, length);
            System.arraycopy(v, 0, row, velocity + at + done, length);
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
        for (int done = 0; done < count; done += STRETCH) {
            int length = Math.min(STRETCH, count - done);
            System.arraycopy(gradient, from + done, g, 0, length);
            System.arraycopy(row, at + done, p, 0, length);
            System.arraycopy(row, moments.means() + at + done, m, 0, length);
            System.arraycopy(row, moments.squares() + at + done, v, 0, length);
            adam(moments, rate, rootScale, scale, length);
            System.arraycopy(p, 0, row, at + done, length);
            System.arraycopy(m, 0, row, moments.means() + at + done, length);
            System.arraycopy(v, 0, row, moments.squares() + at + done, length);
        }
    }

    private void adam(Moments moments, float rate, float rootScale, float scale, int length) {
        float keepMean = moments.keepMean();
        float takeMean = moments.takeMean();
        float keepSquare = moments.keepSquare();
        float takeSquare = moments.takeSquare();
        float epsilon = moments.epsilon();
        for (int i = 0; i < length; i++) {
            float slope = scale * g[i];
            float mean = keepMean * m[i] + takeMean * slope;
            float square = keepSquare * v[i] + takeSquare * slope * slope;
            mean = (mean + FLUSH) - FLUSH;
            square = (square + FLUSH_SQUARE) - FLUSH_SQUARE;
            m[i] = mean;
            v[i] = square;
            p[i] -= mean * rate / ((float) Math.sqrt(square) * rootScale + epsilon);
        }
    }
}
