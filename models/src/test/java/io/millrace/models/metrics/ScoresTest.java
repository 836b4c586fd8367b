package io.millrace.models.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Target;
import java.util.List;
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
        assertThat(scores.baselines().majorityClass()).isEqualTo(new Scores.Baseline(0.6, null, null));
        double logLoss = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.7) + Math.log(0.8) + Math.log(0.4)) / 5;
        assertThat(scores.logLoss()).isCloseTo(logLoss, within(1e-6));
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
                .satisfies(mean -> assertThat(mean.rmse()).isCloseTo(Math.sqrt(8 / 3.0), within(1e-12)));
    }

    @Test
    void softLabelCountsAsItsMostProbableClassAndItsLogLossIsAnExpectation() {
        Scorer scorer = new Scorer(new Target.Distribution(List.of("no", "yes")));
        scorer.score(new float[] {0.75f, 0.25f}, new float[] {0.5f, 0.5f}, Float.NaN);
        scorer.score(new float[] {0.75f, 0.25f}, new float[] {0.25f, 0.75f}, 1);

        Tally tally = scorer.tally();

        assertThat(tally.confusion()).containsExactly(1, 0, 1, 0);
        assertThat(tally.noChangeRight()).isEqualTo(1);
        assertThat(tally.logLoss()).isCloseTo(-0.75 * Math.log(0.75) - 1.25 * Math.log(0.25), within(1e-6));
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
        assertThat(one.confusion()).isEqualTo(other.confusion()).containsExactly(2, 1, 1, 2);
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
