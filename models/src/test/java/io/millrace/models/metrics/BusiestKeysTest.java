package io.millrace.models.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusiestKeysTest {
    private static final Target CLASSES = new Target.Classes(List.of("no", "yes"));
    private static final float[] YES = {0.2f, 0.8f};
    private static final float[] NO = {0.6f, 0.4f};

    /** Keys of which nothing is scored but how many events they have. */
    private static final class Counted {
        final BusiestKeys keys;
        final Scorer scorer;

        Counted(int most) {
            keys = new BusiestKeys(new Target.Value(), most, 1000);
            scorer = new Scorer(new Target.Value(), 0.5, keys);
        }

        void event(String key) {
            scorer.score(key, new float[] {1}, new float[] {2}, Float.NaN, Float.NaN);
        }
    }

    @Test
    void everyKeyHasItsOwnScoresByHand() {
        BusiestKeys keys = new BusiestKeys(CLASSES, 2, 1000);
        Scorer scorer = new Scorer(CLASSES, 0.5, keys);
        scorer.score("a", YES, new float[] {1}, Float.NaN, Float.NaN);
        scorer.score("b", YES, new float[] {0}, Float.NaN, 1);
        scorer.score("a", YES, new float[] {1}, 1, 1);
        scorer.score("a", NO, new float[] {1}, 1, 0);

        KeyTally[] busiest = keys.busiest();

        assertThat(busiest).extracting(KeyTally::key).containsExactly("a", "b");
        assertThat(busiest).extracting(KeyTally::count).containsExactly(3L, 1L);
        assertThat(busiest).extracting(KeyTally::missed).containsExactly(0L, 0L);
        Scores a = Scores.of(busiest[0].overall());
        assertThat(a.events()).isEqualTo(3);
        assertThat(a.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(a.logLoss()).isCloseTo(-Math.log(0.8 * 0.8 * 0.4) / 3, within(1e-6));
        assertThat(a.baselines().noChange().accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(a.kappaTemporal()).isZero();
        assertThat(a.baselines().majorityClass().accuracy()).isCloseTo(1 / 3.0, within(1e-12));
        // the labels of all keys, 1 0 1 1, had with one of each more: 1 of 2, then 2 of 4 and 3 of 5
        assertThat(a.baselines().majorityClass().logLoss())
                .isCloseTo(-Math.log(1 / 2.0 * (2 / 4.0) * (3 / 5.0)) / 3, within(1e-12));
        assertThat(a.calibrationError()).isNotNull();
        assertThat(a.rocAuc()).as("would take too much room").isNull();
        assertThat(Scores.of(busiest[1].overall()).accuracy()).isZero();
    }

    @Test
    void valuesHaveTheirErrorsByHand() {
        BusiestKeys keys = new BusiestKeys(new Target.Value(), 1, 1000);
        Scorer scorer = new Scorer(new Target.Value(), 0.5, keys);
        scorer.score("a", new float[] {1}, new float[] {2}, Float.NaN, Float.NaN);
        scorer.score("a", new float[] {6}, new float[] {3}, 2, 5);

        Scores scores = Scores.of(keys.busiest()[0].overall());

        assertThat(scores.mae()).isCloseTo((1 + 3) / 2.0, within(1e-12));
        assertThat(scores.rmse()).isCloseTo(Math.sqrt((1 + 9) / 2.0), within(1e-12));
        assertThat(scores.r2()).isCloseTo(1 - 5 / 0.25, within(1e-9));
        assertThat(scores.baselines().noChange().mae()).isCloseTo((2 + 1) / 2.0, within(1e-12));
        assertThat(scores.baselines().mean().mae()).isCloseTo((2 + 2) / 2.0, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1000})
    void fadedEventsOfAKeyCountHalfAfterItsHalfLife(int halfLife) {
        BusiestKeys keys = new BusiestKeys(CLASSES, 1, halfLife);
        Scorer scorer = new Scorer(CLASSES, 0.5, keys);
        double events = 0;
        double right = 0;
        for (int i = 0; i < 1000; i++) { // of 3, so many weights grow beyond all bounds
            float label = i % 7 == 0 ? 0 : 1;
            scorer.score("a", YES, new float[] {label}, Float.NaN, Float.NaN);
            events = events * Math.pow(0.5, 1.0 / halfLife) + 1;
            right = right * Math.pow(0.5, 1.0 / halfLife) + label;
        }

        Sums faded = keys.busiest()[0].faded();

        assertThat(faded.scored()).isCloseTo(events, within(1e-9 * events));
        assertThat(Scores.of(faded).accuracy()).isCloseTo(right / events, within(1e-9));
    }

    @Test
    void newKeyTakesThePlaceOfTheLeastBusyAndSaysWhatItMayHaveMissed() {
        Counted counted = new Counted(1); // watches twenty
        for (int key = 0; key < BusiestKeys.WATCHED; key++) {
            for (int i = 0; i < 2 + key; i++) {
                counted.event("k" + key);
            }
        }
        counted.event("late");
        assertThat(counted.keys.watched()).extracting(KeyTally::key).doesNotContain("k0");
        KeyTally late = Arrays.stream(counted.keys.watched())
                .filter(tally -> tally.key().equals("late"))
                .findFirst()
                .orElseThrow();
        assertThat(late.count()).isEqualTo(3);
        assertThat(late.missed()).isEqualTo(2);
        assertThat(late.overall().scored()).isEqualTo(1);
        assertThat(late.isKnown()).isFalse();
        assertThat(counted.keys.floor()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keysAboveTheGuaranteeAreWatchedAndCountsAreBounds(long seed) {
        Random random = new Random(seed);
        Counted counted = new Counted(2);
        int watched = 2 * BusiestKeys.WATCHED;
        Map<String, Long> truth = new HashMap<>();
        int events = 20_000;
        for (int i = 0; i < events; i++) {
            // a long tail, which has turned round halfway: what was rare is frequent
            int rank = (int) Math.pow(random.nextInt(3000) + 1, 0.5 + 0.5 * random.nextDouble());
            String key = "k" + (i < events / 2 ? rank : 3001 - rank);
            counted.event(key);
            truth.merge(key, 1L, Long::sum);
        }
        Map<String, KeyTally> tallies = new HashMap<>();
        for (KeyTally tally : counted.keys.watched()) {
            tallies.put(tally.key(), tally);
            long had = truth.get(tally.key());
            assertThat(had).as("seed %d, %s", seed, tally).isBetween(tally.count() - tally.missed(), tally.count());
            assertThat((long) tally.overall().scored()).isEqualTo(tally.count() - tally.missed());
            assertThat(tally.missed()).isLessThanOrEqualTo(events / watched);
        }
        assertThat(tallies).hasSize(watched);
        truth.forEach((key, had) -> {
            if (had > events / watched) {
                assertThat(tallies).as("seed %d, %d events", seed, had).containsKey(key);
            }
            if (had > 2 * events / watched) {
                assertThat(tallies.get(key).isKnown()).as("%s of %d", key, had).isTrue();
            }
            if (!tallies.containsKey(key)) {
                assertThat(had).isLessThanOrEqualTo(counted.keys.floor());
            }
        });
    }

    @Test
    void flatStreamHasNoBusyKeys() {
        Counted counted = new Counted(10);
        for (int i = 0; i < 50_000; i++) {
            counted.event("k" + i % 10_000);
        }
        assertThat(counted.keys.busiest()).isEmpty();
        assertThat(counted.keys.watched()).hasSize(10 * BusiestKeys.WATCHED);
    }

    @Test
    void restartChangesNothing() {
        Random random = new Random(4);
        Counted undisturbed = new Counted(1);
        Counted restarted = new Counted(1);
        for (int i = 0; i < 3000; i++) {
            String key = "k" + (int) Math.abs(random.nextGaussian() * 30);
            undisturbed.event(key);
            if (i % 500 == 499) {
                Counted next = new Counted(1);
                next.keys.remember(List.of(restarted.keys.watched()), restarted.keys.floor());
                restarted = next;
            }
            restarted.event(key);
        }
        assertThat(restarted.keys.watched()).usingRecursiveComparison().isEqualTo(undisturbed.keys.watched());
    }

    @Test
    void ofTooManyKeysAfterARestartTheBusiestStay() {
        Counted busy = new Counted(2);
        for (int key = 0; key < 2 * BusiestKeys.WATCHED; key++) {
            for (int i = 0; i <= key; i++) {
                busy.event("k" + key);
            }
        }
        BusiestKeys fewer = new BusiestKeys(new Target.Value(), 1, 1000);
        fewer.remember(List.of(busy.keys.watched()), 7);

        assertThat(fewer.watched()).hasSize(BusiestKeys.WATCHED);
        assertThat(fewer.busiest()[0].key()).isEqualTo("k39");
        assertThat(fewer.floor()).isEqualTo(21); // the least of k20 to k39, more than k19
        BusiestKeys classes = new BusiestKeys(CLASSES, 1, 1000);
        classes.remember(List.of(busy.keys.watched()), 0);
        assertThat(classes.watched()).as("of what is predicted no more").isEmpty();
    }

    @Test
    void noKeysAreWatchedIfNoneAreAskedFor() {
        Counted none = new Counted(0);
        none.event("a");
        assertThat(none.keys.watched()).isEmpty();
        assertThat(none.keys.busiest()).isEmpty();
    }

    @Test
    void manyClassesTakeNoMoreRoomThanTheKeysThatAreAskedFor() {
        List<String> names = IntStream.range(0, 10_000).mapToObj(i -> "c" + i).toList();
        BusiestKeys keys = new BusiestKeys(new Target.Classes(names), 3, 1000);
        Scorer scorer = new Scorer(new Target.Classes(names), 0.5, keys);
        for (int i = 0; i < 20; i++) {
            scorer.score("k" + i, new float[10_000], new float[] {i}, Float.NaN, Float.NaN);
        }
        assertThat(keys.watched()).hasSize(BusiestKeys.MOST_SUMS / (2 * 70_050));
    }

    @Test
    void mergingTalliesIsOrderFreeAndKeepsTheLatest() {
        Counted one = new Counted(2);
        Counted other = new Counted(2);
        one.event("a");
        Tally early = one.scorer.tally().with(one.keys.busiest());
        one.event("a");
        one.event("b");
        Tally late = one.scorer.tally().with(one.keys.busiest());
        for (int i = 0; i < 3; i++) {
            other.event("c");
        }
        Tally elsewhere = other.scorer.tally().with(other.keys.busiest());

        Tally forth = early.plus(late).plus(elsewhere).withBusiest(2);
        Tally back = elsewhere.plus(late).plus(early).withBusiest(2);

        assertThat(forth.keys()).extracting(KeyTally::key).containsExactly("c", "a");
        assertThat(forth.keys()).extracting(KeyTally::count).containsExactly(3L, 2L);
        assertThat(back.keys()).isEqualTo(forth.keys());
        assertThat(forth.plus(Tally.DEAD_LETTER).keys()).isEqualTo(forth.keys());
        assertThat(forth.withBusiest(0).keys()).isEmpty();
    }
}
