package io.millrace.models.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static final Target CLASSES = new Target.Classes(List.of("no", "yes"));

    /** Labels 1 1 0 1 0; chosen 1 0 0 1 1; the score of class 1 is .9, .4, .3, .8 and .6. */
    private static Scorer fiveEvents() {
        Scorer scorer = new Scorer(CLASSES);
        float[] yes = {0.9f, 0.4f, 0.3f, 0.8f, 0.6f};
        float[] labels = {1, 1, 0, 1, 0};
        float previous = Float.NaN;
        for (int i = 0; i < labels.length; i++) {
            scorer.score(new float[] {1 - yes[i], yes[i]}, new float[] {labels[i]}, previous);
            previous = labels[i];
        }
        return scorer;
    }

    @Test
    void followsThePublishedFormulasByHand() {
        Scores scores = Scores.of(fiveEvents().tally());

        assertThat(scores.events()).isEqualTo(5);
        assertThat(scores.accuracy()).isCloseTo(3 / 5.0, within(1e-12));
        double chance = 3 / 5.0 * (3 / 5.0) + 2 / 5.0 * (2 / 5.0);
        assertThat(scores.kappa()).isCloseTo((0.6 - chance) / (1 - chance), within(1e-12));
        assertThat(scores.baselines().noChange().accuracy()).isCloseTo(1 / 5.0, within(1e-12));
        assertThat(scores.kappaTemporal()).isCloseTo((0.6 - 0.2) / 0.8, within(1e-12));
        // the majority says -, 1, 1, 1, 1: two of five
        assertThat(scores.kappaM()).isCloseTo((0.6 - 0.4) / 0.6, within(1e-12));
        double logLoss = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.7) + Math.log(0.8) + Math.log(0.4)) / 5;
        assertThat(scores.logLoss()).isCloseTo(logLoss, within(1e-6));
    }

    @Test
    void labelsThatNeverVaryHaveNoVarianceToExplain() {
        for (float label : new float[] {0, 0.1f, 20.1f, 123_456.78f, 1.7e9f}) {
            Tally tally = Tally.NONE;
            Scorer scorer = new Scorer(new Target.Value());
            for (int i = 1; i <= 100_000; i++) {
                scorer.score(new float[] {label + 1}, new float[] {label}, label);
                tally = i % 1000 == 0 ? tally.plus(scorer.tally()) : tally;
            }
            assertThat(Scores.of(tally).r2()).as("labels of %s", label).isNull();
        }
    }

    @Test
    void sumsOfAnotherNumberOfClassesAreLeftBehind() {
        Scorer three = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        three.score(new float[] {0, 1, 0}, new float[] {1}, Float.NaN);
        Tally before = three.tally();
        Tally after = fiveEvents().tally();

        assertThat(before.plus(after).sums().values()).isEqualTo(after.sums().values());
        assertThat(after.plus(before).sums().values()).isEqualTo(before.sums().values());
        assertThat(before.plus(Tally.NONE).sums().values())
                .isEqualTo(before.sums().values());

        Scorer two = fiveEvents();
        two.remember(three.labelsSeen());
        assertThat(two.labelsSeen()).containsExactly(2, 3);
    }

    @Test
    void weighsClassesAlikeByHand() {
        Scores scores = Scores.of(fiveEvents().tally());

        // class 1: 3 labels, 3 choices, 2 right; class 0: 2 labels, 2 choices, 1 right
        assertThat(scores.balancedAccuracy()).isCloseTo((2 / 3.0 + 1 / 2.0) / 2, within(1e-12));
        assertThat(scores.macroF1()).isCloseTo((4 / 6.0 + 2 / 4.0) / 2, within(1e-12));
        Scores.Baseline noChange = scores.baselines().noChange();
        // it says -, 1, 1, 0, 1: class 1: 3 choices, 1 right; class 0: 1 choice, 0 right
        assertThat(noChange.balancedAccuracy()).isCloseTo((1 / 3.0 + 0) / 2, within(1e-12));
        assertThat(noChange.macroF1()).isCloseTo((2 / 6.0 + 0) / 2, within(1e-12));
        double chance = 3 / 5.0 * (3 / 5.0) + 2 / 5.0 * (1 / 5.0);
        assertThat(noChange.kappa()).isCloseTo((0.2 - chance) / (1 - chance), within(1e-12));
    }

    @Test
    void knowsWhatTheMajorityScoresByHand() {
        Scores.Baseline majority = Scores.of(fiveEvents().tally()).baselines().majorityClass();

        assertThat(majority).isNotNull();
        // it says -, 1, 1, 1, 1: class 1: 3 labels, 4 choices, 2 right; class 0: never chosen
        assertThat(majority.accuracy()).isCloseTo(2 / 5.0, within(1e-12));
        assertThat(majority.balancedAccuracy()).isCloseTo((2 / 3.0 + 0) / 2, within(1e-12));
        assertThat(majority.macroF1()).isCloseTo((4 / 7.0 + 0) / 2, within(1e-12));
        double chance = 3 / 5.0 * (4 / 5.0);
        assertThat(majority.kappa()).isCloseTo((0.4 - chance) / (1 - chance), within(1e-12));
        // the labels 1 1 0 1 0 had, with one of each more: 1 of 2, 2 of 3, 1 of 4, 3 of 5, 2 of 6
        double product = 1 / 2.0 * (2 / 3.0) * (1 / 4.0) * (3 / 5.0) * (2 / 6.0);
        assertThat(majority.logLoss()).isCloseTo(-Math.log(product) / 5, within(1e-12));
        double squares = 1 / 4.0 + 1 / 9.0 + 9 / 16.0 + 4 / 25.0 + 4 / 9.0;
        assertThat(majority.brier()).isCloseTo(squares / 5, within(1e-12));
    }

    @Test
    void whatWasSavedWithoutNaiveProbabilitiesHasThoseOfTheFrequencies() {
        Sums now = fiveEvents().tally().sums();
        Sums saved = new Sums(2, Arrays.copyOf(now.values(), now.values().length - 2));

        Scores.Baseline majority =
                Scores.of(saved.restored().plus(now)).baselines().majorityClass();

        assertThat(majority).isNotNull();
        double hindsight = -0.6 * Math.log(0.6) - 0.4 * Math.log(0.4);
        Double since = Scores.of(now).baselines().majorityClass().logLoss();
        assertThat(majority.logLoss()).isCloseTo((hindsight + since) / 2, within(1e-12));
        assertThat(now.restored()).isSameAs(now);
        assertThat(Sums.NONE.restored()).isSameAs(Sums.NONE);
    }

    @Test
    void comparesWithTheMajorityByHand() {
        Scorer scorer = new Scorer(CLASSES);
        for (int i = 0; i < 10; i++) {
            boolean right = i != 9; // of 7 labels 0 and 3 labels 1
            float label = i < 7 ? 0 : 1;
            float chosen = right ? label : 1 - label;
            scorer.score(new float[] {1 - chosen, chosen}, new float[] {label}, Float.NaN);
        }

        // always 0, but for the first event, of which it knows nothing: 6 right
        assertThat(Scores.of(scorer.tally()).kappaM()).isCloseTo((0.9 - 0.6) / (1 - 0.6), within(1e-12));
    }

    @Test
    void theMajorityIsThatOfTheLabelsBefore() {
        Scorer scorer = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        float[] scores = {1, 0, 0};
        assertThat(scorer.typicalLabel()).isNaN();
        float[] labels = {2, 1, 1, 2, 2};
        float[] typical = {2, 1, 1, 1, 2}; // after each; of equals the first
        for (int i = 0; i < labels.length; i++) {
            scorer.score(scores, new float[] {labels[i]}, Float.NaN);
            scorer.tally(); // what was seen outlives tallies
            assertThat(scorer.typicalLabel()).isEqualTo(typical[i]);
        }
        Scorer restarted = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        restarted.remember(scorer.labelsSeen());
        restarted.score(scores, new float[] {1}, Float.NaN, 0); // predicted before anybody had said 1 or 2

        Scores.Baseline majority = Scores.of(restarted.tally()).baselines().majorityClass();
        assertThat(majority).isNotNull();
        assertThat(majority.accuracy()).isZero();
        assertThat(restarted.typicalLabel()).isEqualTo(1); // three each
    }

    @Test
    void everyOneOfSeveralClassesIsRankedAgainstTheRestByHand() {
        Scorer scorer = new Scorer(new Target.Classes(List.of("a", "b", "c", "never")));
        scorer.score(new float[] {0.7f, 0.2f, 0.1f, 0}, new float[] {0}, Float.NaN);
        scorer.score(new float[] {0.4f, 0.3f, 0.3f, 0}, new float[] {1}, Float.NaN);
        scorer.score(new float[] {0.3f, 0.1f, 0.6f, 0}, new float[] {2}, Float.NaN);
        scorer.score(new float[] {0.2f, 0.5f, 0.3f, 0}, new float[] {0}, Float.NaN);

        Scores scores = Scores.of(scorer.tally());

        // a: .7 and .2 against .4 and .3: two of four; b: .3 against .2, .1, .5: two of three; c: .6 above all
        assertThat(scores.rocAuc()).isCloseTo((2 / 4.0 + 2 / 3.0 + 1) / 3, within(1e-12));
        assertThat(scores.rocAucError()).isZero();
    }

    @Test
    void areaOfSeveralClassesIsWithinItsErrorOfTheExactOne() {
        Random random = new Random(9);
        Scorer scorer = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        float[][] scores = new float[1000][3];
        int[] labels = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            labels[i] = random.nextInt(3);
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                scores[i][c] = (float) Math.exp(random.nextGaussian() + (labels[i] == c ? 1 : 0));
                sum += scores[i][c];
            }
            for (int c = 0; c < 3; c++) {
                scores[i][c] /= (float) sum;
            }
            scorer.score(scores[i], new float[] {labels[i]}, Float.NaN);
        }
        double areas = 0;
        for (int c = 0; c < 3; c++) {
            double ordered = 0;
            double pairs = 0;
            for (int one = 0; one < labels.length; one++) {
                for (int other = 0; other < labels.length; other++) {
                    if (labels[one] == c && labels[other] != c) {
                        pairs++;
                        ordered += scores[one][c] > scores[other][c] ? 1 : scores[one][c] == scores[other][c] ? 0.5 : 0;
                    }
                }
            }
            areas += ordered / pairs / 3;
        }

        Scores binned = Scores.of(scorer.tally());

        assertThat(binned.rocAucError()).isBetween(1e-3, 0.03);
        assertThat(binned.rocAuc()).isCloseTo(areas, within(binned.rocAucError()));
    }

    @Test
    void rewardsHonestProbabilitiesByHand() {
        Scores scores = Scores.of(fiveEvents().tally());

        double brier = (0.1 * 0.1 + 0.6 * 0.6 + 0.3 * 0.3 + 0.2 * 0.2 + 0.6 * 0.6) / 5;
        assertThat(scores.brier()).isCloseTo(brier, within(1e-7));
        // bins of 1/15: one holds .6 twice, both wrong; .7, .8 and .9 are alone and right
        double error = (2 * 0.6 + 0.3 + 0.2 + 0.1) / 5;
        assertThat(scores.calibrationError()).isCloseTo(error, within(1e-7));
    }

    @Test
    void countsPairsInTheRightOrderByHand() {
        Scores scores = Scores.of(fiveEvents().tally());

        // .9, .4, .8 of class 1 against .3, .6 of class 0: five of six pairs
        assertThat(scores.rocAuc()).isCloseTo(5 / 6.0, within(1e-12));
        assertThat(scores.rocAucError()).isZero();
    }

    @Test
    void areaIsWithinItsErrorOfTheExactOne() {
        Random random = new Random(8);
        Scorer scorer = new Scorer(CLASSES);
        float[] score = new float[3000];
        boolean[] yes = new boolean[score.length];
        for (int i = 0; i < score.length; i++) {
            yes[i] = random.nextInt(20) == 0;
            score[i] = (float) (1 / (1 + Math.exp(-random.nextGaussian() - (yes[i] ? 1 : 0))));
            scorer.score(new float[] {1 - score[i], score[i]}, new float[] {yes[i] ? 1 : 0}, Float.NaN);
        }
        double ordered = 0;
        double pairs = 0;
        for (int one = 0; one < score.length; one++) {
            for (int zero = 0; zero < score.length; zero++) {
                if (yes[one] && !yes[zero]) {
                    pairs++;
                    ordered += score[one] > score[zero] ? 1 : score[one] == score[zero] ? 0.5 : 0;
                }
            }
        }

        Scores scores = Scores.of(scorer.tally());

        assertThat(scores.rocAucError()).isBetween(1e-4, 0.01);
        assertThat(scores.rocAuc()).isCloseTo(ordered / pairs, within(scores.rocAucError()));
    }

    @Test
    void halfTheSquaredDistanceIsBrierForManyClasses() {
        Scorer scorer = new Scorer(new Target.Classes(List.of("a", "b", "c")));
        scorer.score(new float[] {0.5f, 0.25f, 0.25f}, new float[] {1}, Float.NaN);

        Scores scores = Scores.of(scorer.tally());

        assertThat(scores.brier()).isCloseTo((0.25 + 0.5625 + 0.0625) / 2, within(1e-12));
        assertThat(scores.rocAuc()).as("of one label").isNull();
        assertThat(scores.balancedAccuracy()).isZero();
    }

    @Test
    void penalizesByQuantileByHand() {
        Scorer scorer = new Scorer(new Target.Value(), 0.9);
        scorer.score(new float[] {1}, new float[] {3}, Float.NaN); // 2 below its label
        scorer.score(new float[] {7}, new float[] {3}, 3); // 4 above

        Scores scores = Scores.of(scorer.tally());

        assertThat(scores.pinball()).isCloseTo((2 * 0.9 + 4 * 0.1) / 2, within(1e-12));
        assertThat(scores.baselines().noChange().pinball()).isCloseTo((3 * 0.9 + 0) / 2, within(1e-12));
    }

    @Test
    void fadedEventsWeighLess() {
        Scorer scorer = new Scorer(CLASSES);
        scorer.score(new float[] {1, 0}, new float[] {0}, Float.NaN);
        Sums right = scorer.tally().sums();
        scorer.score(new float[] {1, 0}, new float[] {1}, Float.NaN);
        Sums wrong = scorer.tally().sums();

        Sums faded = right.times(0.25).plus(wrong);

        assertThat(faded.scored()).isCloseTo(1.25, within(1e-12));
        assertThat(Scores.of(faded).accuracy()).isCloseTo(0.2, within(1e-12));
        assertThat(Sums.NONE.times(0.5).plus(right)).isEqualTo(right);
    }

    @Test
    void scoresValuesBesideTheLastAndTheMean() {
        Scorer scorer = new Scorer(new Target.Value());
        scorer.score(new float[] {1}, new float[] {2}, Float.NaN);
        scorer.score(new float[] {4}, new float[] {4}, 2);
        scorer.score(new float[] {9}, new float[] {6}, 4);

        Scores scores = Scores.of(scorer.tally());

        assertThat(scores.mae()).isCloseTo(4 / 3.0, within(1e-12));
        assertThat(scores.rmse()).isCloseTo(Math.sqrt(10 / 3.0), within(1e-12));
        assertThat(scores.r2()).isCloseTo(1 - 10 / 8.0, within(1e-12));
        assertThat(scores.baselines().noChange().mae()).isCloseTo(2, within(1e-12));
        assertThat(scores.baselines().mean())
                .isNotNull()
                .satisfies(
                        mean -> { // it says 0, 2, 3
                            assertThat(mean.mae()).isCloseTo((2 + 2 + 3) / 3.0, within(1e-12));
                            assertThat(mean.rmse()).isCloseTo(Math.sqrt((4 + 4 + 9) / 3.0), within(1e-12));
                            assertThat(mean.pinball()).isCloseTo(7 / 6.0, within(1e-12));
                        });
    }

    @Test
    void softLabelCountsAsItsMostProbableClassAndItsLogLossIsAnExpectation() {
        Scorer scorer = new Scorer(new Target.Distribution(List.of("no", "yes")));
        scorer.score(new float[] {0.75f, 0.25f}, new float[] {0.5f, 0.5f}, Float.NaN);
        scorer.score(new float[] {0.75f, 0.25f}, new float[] {0.25f, 0.75f}, 1);

        Tally tally = scorer.tally();

        Scores scores = Scores.of(tally);
        assertThat(scores.accuracy()).isCloseTo(1 / 2.0, within(1e-12));
        assertThat(scores.baselines().noChange().accuracy()).isCloseTo(1 / 2.0, within(1e-12));
        assertThat(scores.logLoss()).isCloseTo((-0.75 * Math.log(0.75) - 1.25 * Math.log(0.25)) / 2, within(1e-6));
        double brier = (2 * 0.25 * 0.25 + 2 * 0.5 * 0.5) / 2; // distances of .25 from 1/2, 1/2 and of .5 from 1/4, 3/4
        assertThat(scores.brier()).isCloseTo(brier / 2, within(1e-6));
    }

    @Test
    void hasNoFiguresWithoutEvents() {
        Scores scores = Scores.of(new Scorer(CLASSES).tally());

        assertThat(scores.events()).isZero();
        assertThat(scores.accuracy()).isNull();
        assertThat(scores.kappa()).isNull();
    }

    @Test
    void mergingIsOrderFree() {
        Scorer scorer = fiveEvents();
        scorer.predicted(3);
        scorer.updated(false);
        Tally first = scorer.tally();
        scorer.score(new float[] {0.5f, 0.5f}, new float[] {0}, 1);
        scorer.predicted(70);
        scorer.updated(true);
        Tally second = scorer.tally();

        Tally one = first.plus(second);
        Tally other = second.plus(first);

        assertThat(Scores.of(one)).isEqualTo(Scores.of(other));
        assertThat(one.sums().values()).isEqualTo(other.sums().values());
        assertThat(one.scored()).isEqualTo(6);
        assertThat(one.predictions()).isEqualTo(2);
        assertThat(one.models()).isEqualTo(1);
        assertThat(one.latencyMillis(50)).isEqualTo(3);
        assertThat(other.latencyMillis(100)).isEqualTo(70);
        assertThat(Scores.of(Tally.NONE.plus(one))).isEqualTo(Scores.of(one));
    }

    @Test
    void staysFiniteForAnImpossibleLabel() {
        Scorer scorer = new Scorer(CLASSES);
        scorer.score(new float[] {1, 0}, new float[] {1}, Float.NaN);

        assertThat(Scores.of(scorer.tally()).logLoss()).isCloseTo(-Math.log(1e-15), within(1e-9));
    }

    @Test
    void countsTheFatesOfLabelsInAnyOrder() {
        Scorer scorer = new Scorer(CLASSES);
        for (int event = 0; event < 5; event++) {
            scorer.fate(Fate.AWAITED);
        }
        scorer.joined(1_000);
        scorer.joined(-3); // the label's clock may be behind the event's
        Tally first = scorer.tally();
        scorer.joined(86_400_000);
        scorer.fate(Fate.NEVER);
        scorer.fate(Fate.LATE);
        Tally second = scorer.tally();
        Tally nothing = scorer.tally();

        Joins joins = first.plus(second).plus(nothing).joins();

        assertThat(nothing.joins()).isEqualTo(Joins.NONE);
        assertThat(second.plus(first).joins().counts()).isEqualTo(joins.counts());
        assertThat(joins.count(Fate.JOINED)).isEqualTo(3);
        assertThat(joins.count(Fate.LATE)).isEqualTo(1);
        assertThat(joins.pending()).isEqualTo(1);
        assertThat(joins.rate()).isEqualTo(0.75);
        assertThat(joins.delayMillis(1)).isZero();
        assertThat(joins.delayMillis(50)).isCloseTo(1_000, within(10.0));
        assertThat(joins.delayMillis(100)).isCloseTo(86_400_000, within(864_000.0));
        assertThat(Joins.NONE.rate()).isNaN();
    }
}
