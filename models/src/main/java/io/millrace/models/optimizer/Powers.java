package io.millrace.models.optimizer;

/** Whole powers of a number, from two small tables; what lies beyond them takes {@link Math#pow}, at 20 ns. */
final class Powers {
    private static final int SIZE = 256;

    private final double base;
    private final double[] small = new double[SIZE]; // base^n
    private final double[] large = new double[SIZE]; // base^(SIZE * n)

    Powers(double base) {
        this.base = base;
        for (int n = 0; n < SIZE; n++) {
            small[n] = Math.pow(base, n);
            large[n] = Math.pow(base, SIZE * n);
        }
    }

    /**
     * The base to a power, within 4 units in the last place: a function of the exponent alone.
     *
     * @param exponent at least 0
     */
    double of(long exponent) {
        return exponent < SIZE * SIZE
                ? small[(int) exponent % SIZE] * large[(int) exponent / SIZE]
                : Math.pow(base, (double) exponent);
    }
}
