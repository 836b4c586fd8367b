package io.millrace.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Rows of one parameter and its slots, whose losses are set by hand. */
class CommitteeTest {
    private static final double REFUSED = Double.NaN;

    private final Auto auto = new Auto(4); // adam .003, sgd .1, sgd .03, adam .01
    private final Layout member = member();
    private final Layout layout = member.beside(member.find(Auto.MEMORY).orElseThrow(), auto.starts());
    private final Committee committee = new Committee(4, member);
    private final float[] row = layout.initialRow();
    private final double[] weights = new double[4];

    CommitteeTest() {
        for (int i = 0; i < 4; i++) {
            row[at(i, "it")] = i;
            row[at(i, "mean")] = 10 + i;
            row[at(i, Auto.MEMORY) + Auto.UPDATES] = 7 + i;
        }
    }

    private Layout member() {
        Layout.Builder builder = new Layout.Builder(1);
        builder.add(Section.PARAMETERS, "it", Initializer.ONES, 1);
        Auto.reserve(builder);
        builder.add(Section.COUNTERS, "updates", Initializer.ZEROS, 1);
        return builder.build(auto.slots());
    }

    private int at(int part, String name) {
        Range range = member.find(name).orElseThrow();
        return member.from(part * member.width()).at(range);
    }

    private float memory(int part, int field) {
        return row[at(part, Auto.MEMORY) + field];
    }

    private void losses(float... sums) {
        for (int i = 0; i < 4; i++) {
            row[at(i, Auto.MEMORY) + Auto.LOSS] = sums[i];
        }
    }

    private void learnt(long update, double... losses) {
        committee.learnt(row, losses, weights, update, 1);
    }

    @Test
    void weightsFallWithTheShareByWhichLossesExceedTheLeast() {
        losses(10, 11, 9, 10);
        committee.weights(row, 1_000, weights);
        double sum = 1 + 2 * Math.exp(-30 / 9.0) + Math.exp(-60 / 9.0);
        double next = Math.exp(-30 / 9.0) / sum;
        assertThat(weights)
                .containsExactly(new double[] {next, Math.exp(-60 / 9.0) / sum, 1 / sum, next}, within(1e-6));
        float[] tenfold = {100, 110, 90, 100};
        losses(tenfold);
        double[] same = new double[4];
        committee.weights(row, 1_000, same);
        assertThat(same).containsExactly(weights, within(1e-6));
    }

    @Test
    void weightsPartSlowlyAtFirst() {
        committee.weights(row, 0, weights);
        assertThat(weights).containsOnly(0.25);
        losses(1, 2, 1, 1);
        committee.weights(row, 0, weights);
        assertThat(weights).containsOnly(0.25);
        committee.weights(row, 20, weights); // a tenth of the sharpness
        assertThat(weights[1] / weights[0]).isCloseTo(Math.exp(-3), within(1e-6));
    }

    @Test
    void weightsOfPerfectMembersAreNumbers() {
        losses(0, 0, 1, 0);
        committee.weights(row, 1_000, weights);
        assertThat(weights).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 0, 1 / 3.0}, within(1e-9));
    }

    @Test
    void lossesFade() {
        losses(10, 20, 30, 40);
        learnt(1, 1, 2, 3, 4);
        assertThat(memory(0, Auto.LOSS)).isCloseTo(10 * 199 / 200f + 1, within(1e-5f));
        assertThat(memory(3, Auto.LOSS)).isCloseTo(40 * 199 / 200f + 4, within(1e-5f));
    }

    @Test
    void theWorstExplorerBecomesACopyOfTheBestAtANeighbouringRate() {
        losses(10, 40, 12, 11);
        Arrays.fill(weights, 0.2);
        learnt(500, 0, 0, 0, 0);
        boolean faster = (Noise.at(1, 2) & 1) == 0;
        assertThat(memory(2, Auto.RATE)).isEqualTo(faster ? 0.003f * 3 : 0.003f / 3);
        assertThat(memory(2, Auto.ADAPTIVE)).isEqualTo(1);
        assertThat(memory(2, Auto.LOSS)).isEqualTo(memory(0, Auto.LOSS));
        assertThat(memory(2, Auto.UPDATES)).isEqualTo(7);
        assertThat(row[at(2, "it")]).isZero();
        assertThat(row[at(2, "mean")]).isEqualTo(10);
        assertThat(row[at(1, "it")]).isEqualTo(1); // is worse, but fixed
        assertThat(row[at(3, "it")]).isEqualTo(3);
    }

    @Test
    void anExplorerStaysBetweenReviewsOrWhileItCounts() {
        losses(10, 10, 12, 11);
        float[] before = row.clone();
        Arrays.fill(weights, 0.2);
        learnt(501, 0, 0, 0, 0);
        weights[2] = 0.26;
        learnt(1_000, 0, 0, 0, 0);
        assertThat(row[at(2, "it")]).isEqualTo(2);
        assertThat(memory(2, Auto.RATE)).isEqualTo(before[at(2, Auto.MEMORY) + Auto.RATE]);
    }

    @Test
    void whoIsRefusedAStepRetreatsAtOnceAndKeepsItsKind() {
        losses(10, 11, 12, 13);
        learnt(1, 1, REFUSED, 1, REFUSED);
        assertThat(memory(1, Auto.RATE)).isEqualTo(0.1f / 3);
        assertThat(memory(1, Auto.ADAPTIVE)).isZero();
        assertThat(memory(1, Auto.LOSS)).isEqualTo(memory(0, Auto.LOSS));
        assertThat(row[at(1, "it")]).isZero();
        assertThat(memory(1, Auto.UPDATES)).isZero(); // whatever the slots hold is void
        assertThat(memory(3, Auto.RATE)).isEqualTo(0.01f / 3);
        assertThat(memory(3, Auto.UPDATES)).isEqualTo(7); // of the same kind as the best: goes on from its slots
        assertThat(row[at(3, "mean")]).isEqualTo(10);
        assertThat(row[at(2, "it")]).isEqualTo(2);
    }

    @Test
    void whoseLossesRunAwayRetreatsAtTheReview() {
        losses(10, 300, 12, 11);
        Arrays.fill(weights, 0.25);
        learnt(499, 0, 0, 0, 0);
        assertThat(memory(1, Auto.RATE)).isEqualTo(0.1f);
        learnt(500, 0, 0, 0, 0);
        assertThat(memory(1, Auto.RATE)).isEqualTo(0.1f / 3);
        assertThat(row[at(1, "it")]).isZero();
    }

    @Test
    void smallLossesNeverRunAway() { // as those of a class that is always the same
        losses(1e-6f, 100, 1e-6f, 1e-6f);
        learnt(500, 0, 0, 0, 0);
        assertThat(memory(1, Auto.RATE)).isEqualTo(0.1f);
    }

    @Test
    void ratesStayWithinBounds() {
        for (int i = 0; i < 100; i++) {
            learnt(1, 1, REFUSED, 1, 1);
        }
        assertThat(memory(1, Auto.RATE)).isEqualTo(1e-6f);
    }
}
