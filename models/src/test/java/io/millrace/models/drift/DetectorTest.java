package io.millrace.models.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoublePredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DetectorTest {
    private static final int EVENTS = 5000;

    private static final Adwin ADWIN = new Adwin(0.002, 32, 5, 12);
    private static final Ddm DDM = new Ddm(3, 30);
    private static final Eddm EDDM = new Eddm(0.9, 30);
    private static final HddmA HDDM_A = new HddmA(0.001);
    private static final PageHinkley PAGE_HINKLEY = new PageHinkley(50, 0.005, 30);
    private static final Kswin KSWIN = new Kswin(0.005, 100, 30);

    /** A stream of values, from a fixed seed. */
    private record Values(String name, double... values) {
        /** Wrong with probability .1, from 1,500 on .4, from 2,500 on .1, from 4,000 on .5. */
        static final Values ABRUPT =
                errors("abrupt", i -> i < 1500 || (i >= 2500 && i < 4000) ? 0.1 : i < 2500 ? 0.4 : 0.5);

        /** Wrong with a probability that grows from .1 at 1,000 to .5 at 3,000. */
        static final Values GRADUAL = errors("gradual", i -> 0.1 + 0.4 * Math.min(1, Math.max(0, (i - 1000) / 2000.0)));

        /** Wrong with probability .3. */
        static final Values STEADY = errors("steady", i -> 0.3);

        /** Losses around .2, from 2,000 on around .5. */
        static final Values LOSSES = drawn("losses", (i, drawn) -> Math.pow(drawn, i < 2000 ? 4 : 1));

        private interface Draw {
            double at(int event, double drawn);
        }

        private static Values errors(String name, IntToDoubleFunction probability) {
            return drawn(name, (i, drawn) -> drawn < probability.applyAsDouble(i) ? 1 : 0);
        }

        private static Values drawn(String name, Draw draw) {
            Random random = new Random(5);
            double[] values = new double[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                values[i] = draw.at(i, random.nextDouble());
            }
            return new Values(name, values);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A detector, its paper's double, and where it must alarm, counted from 1.
     */
    private record Case(Detector detector, DoublePredicate paper, Values values, List<Integer> alarms) {
        @Override
        public String toString() {
            return detector + " on " + values;
        }
    }

    private static Case adwin(Adwin adwin, Values values, Integer... alarms) {
        return new Case(
                adwin,
                Papers.adwin(adwin.delta(), adwin.every(), adwin.buckets(), adwin.levels()),
                values,
                List.of(alarms));
    }

    private static Stream<Case> cases() {
        return Stream.of(
                adwin(ADWIN, Values.ABRUPT, 1600, 1632, 1664, 1888, 4064, 4096, 4224),
                adwin(ADWIN, Values.GRADUAL, 1760, 1824, 1888, 1952, 1984, 2304, 2592, 2752, 2784, 3200, 3456, 3520),
                adwin(ADWIN, Values.STEADY),
                adwin(ADWIN, Values.LOSSES, 2048, 2080, 2112),
                adwin(new Adwin(0.05, 1, 3, 6), Values.ABRUPT, 4022, 4068),
                adwin(new Adwin(0.05, 1, 3, 6), Values.LOSSES, 2038, 2043, 2046),
                new Case(DDM, Papers.ddm(3, 30), Values.ABRUPT, List.of(1598, 4160)),
                new Case(DDM, Papers.ddm(3, 30), Values.GRADUAL, List.of(1384, 1750, 2555)),
                new Case(DDM, Papers.ddm(3, 30), Values.STEADY, List.of()),
                new Case(EDDM, Papers.eddm(0.9, 30), Values.ABRUPT, List.of(1598, 1875, 4221, 4310)),
                new Case(
                        EDDM,
                        Papers.eddm(0.9, 30),
                        Values.GRADUAL,
                        List.of(1320, 1625, 1865, 2313, 2490, 2642, 2756, 2934, 3050, 3198, 3519, 3634)),
                new Case(EDDM, Papers.eddm(0.9, 30), Values.STEADY, List.of(1155, 1304)),
                new Case(HDDM_A, Papers.hddmA(0.001), Values.ABRUPT, List.of(1567, 2477, 4011)),
                new Case(HDDM_A, Papers.hddmA(0.001), Values.GRADUAL, List.of(1749, 2643, 3176)),
                new Case(HDDM_A, Papers.hddmA(0.001), Values.STEADY, List.of(3846)),
                new Case(HDDM_A, Papers.hddmA(0.001), Values.LOSSES, List.of(2041)),
                new Case(PAGE_HINKLEY, Papers.pageHinkley(50, 0.005, 30), Values.ABRUPT, List.of(1675, 4190)),
                new Case(PAGE_HINKLEY, Papers.pageHinkley(50, 0.005, 30), Values.GRADUAL, List.of(1779, 2767, 4411)),
                new Case(PAGE_HINKLEY, Papers.pageHinkley(50, 0.005, 30), Values.STEADY, List.of(3904)),
                new Case(PAGE_HINKLEY, Papers.pageHinkley(50, 0.005, 30), Values.LOSSES, List.of(2156)),
                new Case(KSWIN, Papers.kswin(0.005, 100, 30), Values.ABRUPT, List.of(2496, 4025, 4558)),
                new Case(KSWIN, Papers.kswin(0.005, 100, 30), Values.GRADUAL, List.of(2491, 4558)),
                new Case(KSWIN, Papers.kswin(0.005, 100, 30), Values.STEADY, List.of()),
                new Case(
                        KSWIN,
                        Papers.kswin(0.005, 100, 30),
                        Values.LOSSES,
                        List.of(117, 1231, 1713, 2020, 2361, 2839, 3363, 4259)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void alarmsExactlyWhereItsPaperDoes(Case each) {
        DoublePredicate detector = inARow(each.detector());

        List<Integer> alarms = alarms(detector, each.values().values);

        assertThat(alarms).isEqualTo(alarms(each.paper(), each.values().values));
        assertThat(alarms).isEqualTo(each.alarms());
    }

    /** In the middle of a row; with a new sentinel and a copied row for every value, since all state is the row. */
    private static DoublePredicate inARow(Detector detector) {
        int at = 7;
        float[][] row = {new float[at + detector.floats() + 3]};
        Arrays.fill(row[0], 0, at, 0.5f);
        Arrays.fill(row[0], at + detector.floats(), row[0].length, 0.5f);
        return value -> {
            row[0] = row[0].clone();
            return detector.sentinel(at).update(row[0], value);
        };
    }

    private static List<Integer> alarms(DoublePredicate detector, double... values) {
        List<Integer> alarms = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (detector.test(values[i])) {
                alarms.add(i + 1);
            }
        }
        return alarms;
    }

    /** Zeros, then ones. */
    private static double[] step(int zeros, int ones) {
        return IntStream.range(0, zeros + ones)
                .mapToDouble(i -> i < zeros ? 0 : 1)
                .toArray();
    }

    @Test
    void ddmAlarmsAtTheFirstErrorAfterThirtyRightByHand() {
        assertThat(alarms(inARow(DDM), step(30, 1))).containsExactly(31);
        assertThat(alarms(inARow(DDM), step(29, 1))).isEmpty();
    }

    @Test
    void hddmAlarmsAtTheFourthErrorAfterAHundredRightByHand() {
        // k / (100 + k) >= sqrt(k / (200 (100 + k)) ln 1000), which is k >= 3.58
        assertThat(alarms(inARow(HDDM_A), step(100, 4))).containsExactly(104);
    }

    @Test
    void pageHinkleyAddsUpExcessesByHand() {
        // 0.995 k - sum of j / (1000 + j) for j to k is 49.46 at k = 51 and 50.41 at k = 52
        assertThat(alarms(inARow(PAGE_HINKLEY), step(1000, 52))).containsExactly(1052);
    }

    @Test
    void kswinAlarmsWhenThirteenOfThirtyDifferByHand() {
        // sqrt(-ln 0.005 / 30) = 0.4202 lies between 12/30 and 13/30
        assertThat(alarms(inARow(KSWIN), step(100, 13))).containsExactly(113);
    }

    @Test
    void eddmAlarmsWhenErrorsCrowdByHand() {
        double[] values = new double[360];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i + 1) % 10 == 0 || i >= 310 ? 1 : 0;
        }
        // 30 distances of 10, then k of 1: (300 + k + 18 sqrt(30 k)) / (30 + k), at most 15.561 (k = 11);
        // a share of .9 is 14.004, above its 13.98 at k = 37 and below its 14.05 at k = 36
        assertThat(alarms(inARow(EDDM), values).get(0)).isEqualTo(347);
    }

    @Test
    void adwinCutsWhereItsBoundSaysByHand() {
        // every value a bucket of its own; cut between the zeros and k ones: sqrt(2 L / n) + n L / (75 k) < 1 with
        // n = 50 + k and L = ln(1000 ln n), which is 1.018 at k = 14 and 0.988 at k = 15
        Adwin everyValue = new Adwin(0.002, 1, 200, 1);

        assertThat(alarms(inARow(everyValue), step(50, 15))).containsExactly(65);
    }

    @Test
    void fallsAreNoAlarm() {
        double[] values =
                IntStream.range(0, 400).mapToDouble(i -> i < 200 ? 1 : 0).toArray();
        for (Detector detector : List.of(ADWIN, DDM, HDDM_A, PAGE_HINKLEY, KSWIN)) {
            assertThat(alarms(inARow(detector), values)).as("%s", detector).isEmpty();
        }
    }

    @Test
    void touchesNothingElseInTheRow() {
        for (Detector detector : List.of(ADWIN, DDM, EDDM, HDDM_A, PAGE_HINKLEY, KSWIN)) {
            float[] row = new float[detector.floats() + 4];
            Arrays.fill(row, Float.NaN);
            Arrays.fill(row, 2, 2 + detector.floats(), 0);
            Sentinel sentinel = detector.sentinel(2);
            for (double value : Values.ABRUPT.values) {
                sentinel.update(row, value);
            }
            assertThat(row).as("%s", detector).startsWith(Float.NaN, Float.NaN).endsWith(Float.NaN, Float.NaN);
            for (int i = 2; i < 2 + detector.floats(); i++) {
                assertThat(row[i]).as("%s at %d", detector, i).isFinite();
            }
        }
    }

    @Test
    void doublesKeepEveryBitInWholeNumbersBelowTwoToThe22() {
        Random random = new Random(3);
        float[] row = new float[3];
        for (int i = 0; i < 10_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            Doubles.put(row, 0, value);
            assertThat(Double.doubleToRawLongBits(Doubles.get(row, 0))).isEqualTo(Double.doubleToRawLongBits(value));
            for (float part : row) {
                assertThat(part).isBetween(0f, 4194303f).isEqualTo((float) (int) part);
            }
        }
        assertThat(Doubles.get(new float[3], 0)).isZero();
        Doubles.put(row, 0, 1L << 40);
        assertThat(Doubles.add(row, 0, 1)).isEqualTo((1L << 40) + 1);
    }

    @Test
    void newestValuesOfKswinAreAtMostHalf() {
        assertThatThrownBy(() -> new Kswin(0.005, 100, 51))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("newest=51 must be <= 50, half of window=100");
    }
}
