package io.millrace.jobs.demo.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.jobs.demo.Drift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticTest {
    private static final int EVENTS = 40_000;

    private record Event(double[] features, int label) {
        String text() {
            return Arrays.toString(features) + label;
        }
    }

    private static List<Event> all(Synthetic stream, long seed) {
        Generator generator = stream.start(EVENTS, seed);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            double[] features = new double[generator.features().size()];
            int label = generator.next(features);
            events.add(new Event(features, label));
        }
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void sameSeedGivesTheSameStreamAndAnotherGivesAnother(Synthetic stream) {
        List<String> events = all(stream, 1).stream().map(Event::text).toList();

        assertThat(all(stream, 1).stream().map(Event::text)).containsExactlyElementsOf(events);
        assertThat(all(stream, 2).get(0).text()).isNotEqualTo(events.get(0));
    }

    @ParameterizedTest
    @EnumSource
    void everyClassOccursAndDriftsLieWithin(Synthetic stream) {
        Generator generator = stream.start(EVENTS, 3);

        assertThat(all(stream, 3).stream().map(Event::label).distinct().sorted())
                .hasSize(generator.classes())
                .startsWith(0)
                .endsWith(generator.classes() - 1);
        assertThat(generator.drifts()).isNotEmpty().allSatisfy(drift -> {
            assertThat(drift.start()).isBetween(1L, (long) EVENTS);
            assertThat(drift.end()).isBetween(drift.start(), (long) EVENTS);
        });
        assertThat(generator.features()).containsAll(generator.categories()).doesNotHaveDuplicates();
    }

    @Test
    void seaFollowsItsThresholdsButForATenth() {
        List<Event> events = all(Synthetic.SEA, 1);
        double[] thresholds = {8, 9, 7, 9.5};
        for (int concept = 0; concept < 4; concept++) {
            double threshold = thresholds[concept];
            long right = events.subList(concept * EVENTS / 4, (concept + 1) * EVENTS / 4).stream()
                    .filter(each -> each.label() == (each.features()[0] + each.features()[1] <= threshold ? 1 : 0))
                    .count();
            assertThat(right / (EVENTS / 4.0)).isCloseTo(0.9, within(0.01));
        }
        assertThat(Synthetic.SEA.start(EVENTS, 1).drifts())
                .containsExactly(
                        new Drift("threshold 9", 10_000, 10_000),
                        new Drift("threshold 7", 20_000, 20_000),
                        new Drift("threshold 9.5", 30_000, 30_000));
    }

    @Test
    void agrawalDecidesAsThePaperDoes() {
        assertThat(Agrawal.groupA(1, 39, 0, 0)).isTrue();
        assertThat(Agrawal.groupA(1, 40, 0, 0)).isFalse();
        assertThat(Agrawal.groupA(1, 60, 0, 0)).isTrue();
        assertThat(Agrawal.groupA(2, 39, 0, 50_000)).isTrue();
        assertThat(Agrawal.groupA(2, 39, 0, 100_001)).isFalse();
        assertThat(Agrawal.groupA(2, 59, 0, 125_000)).isTrue();
        assertThat(Agrawal.groupA(2, 59, 0, 74_999)).isFalse();
        assertThat(Agrawal.groupA(2, 60, 0, 25_000)).isTrue();
        assertThat(Agrawal.groupA(3, 39, 1, 0)).isTrue();
        assertThat(Agrawal.groupA(3, 39, 2, 0)).isFalse();
        assertThat(Agrawal.groupA(3, 40, 0, 0)).isFalse();
        assertThat(Agrawal.groupA(3, 40, 3, 0)).isTrue();
        assertThat(Agrawal.groupA(3, 60, 4, 0)).isTrue();
        assertThat(Agrawal.groupA(3, 60, 1, 0)).isFalse();
        assertThat(Agrawal.groupA(4, 39, 1, 40_000)).isTrue();
        assertThat(Agrawal.groupA(4, 39, 2, 40_000)).isFalse();
        assertThat(Agrawal.groupA(4, 59, 2, 60_000)).isTrue();
        assertThat(Agrawal.groupA(4, 59, 4, 60_000)).isFalse();
        assertThat(Agrawal.groupA(4, 80, 4, 60_000)).isTrue();
        assertThat(Agrawal.groupA(4, 80, 0, 30_000)).isTrue();
    }

    @Test
    void agrawalKeepsEveryFactInItsRange() {
        assertThat(all(Synthetic.AGRAWAL, 4)).allSatisfy(each -> {
            double[] person = each.features();
            assertThat(person[0]).isBetween(20_000.0, 150_000.0);
            assertThat(person[1] == 0 || (person[1] >= 10_000 && person[1] <= 75_000))
                    .isTrue();
            assertThat(person[2]).isBetween(20.0, 80.0);
            assertThat(person[6]).isBetween((9 - person[5]) * 50_000, (9 - person[5]) * 150_000);
            assertThat(person[8]).isBetween(0.0, 500_000.0);
        });
    }

    /** With the whole truth one would be right in 74 of 100 cases: Breiman et al. give 26 % as the least error. */
    @Test
    void ledCanBeReadAsWellAsThePaperSays() {
        List<Event> events = all(Synthetic.LED, 1).subList(0, EVENTS / 3);
        int[] right = {0};
        int[][] counts = new int[128][10]; // of digits, by what the segments show
        events.forEach(each -> counts[shown(each.features(), 0)][each.label()]++);
        for (int[] digits : counts) {
            right[0] += Arrays.stream(digits).max().orElse(0);
        }
        assertThat(right[0] / (double) events.size()).isCloseTo(0.74, within(0.015));
    }

    @Test
    void ledMovesItsSegments() {
        List<Event> events = all(Synthetic.LED, 1);
        int third = EVENTS / 3;

        assertThat(share(events.subList(0, third), 0)).isCloseTo(0.9, within(0.02));
        assertThat(share(events.subList(third, 2 * third), 7)).isCloseTo(0.9, within(0.02));
        assertThat(share(events.subList(third, 2 * third), 3)).isCloseTo(0.9, within(0.02));
        assertThat(share(events.subList(2 * third, EVENTS), 10)).isCloseTo(0.9, within(0.02));
    }

    /** How often a light is as the top segment (its middle one, if it stands third in seven) should be. */
    private static double share(List<Event> events, int light) {
        String lit = light % 7 == 0 ? "1011011111" : "0011111011";
        return events.stream()
                        .filter(each -> each.features()[light] == lit.charAt(each.label()) - '0')
                        .count()
                / (double) events.size();
    }

    private static int shown(double[] lights, int from) {
        int shown = 0;
        for (int i = 0; i < 7; i++) {
            shown = shown * 2 + (int) lights[from + i];
        }
        return shown;
    }

    /** A perceptron's best plane is learnt by least squares on the still first quarter; it fails after the rotation. */
    @Test
    void hyperplaneStandsStillThenTurns() {
        List<Event> events = all(Synthetic.HYPERPLANE, 2);
        int quarter = EVENTS / 4;
        double[] means = new double[10]; // of class 1 minus class 0: the direction of the weights
        for (Event each : events.subList(0, quarter)) {
            for (int i = 0; i < 10; i++) {
                means[i] += (each.label() == 1 ? 1 : -1) * (each.features()[i] - 0.5);
            }
        }

        assertThat(agreement(means, events.subList(0, quarter))).isCloseTo(0.95, within(0.02));
        assertThat(agreement(means, events.subList(3 * quarter, EVENTS))).isLessThan(0.85);
    }

    private static double agreement(double[] weights, List<Event> events) {
        return events.stream()
                        .filter(each -> {
                            double height = 0;
                            for (int i = 0; i < weights.length; i++) {
                                height += weights[i] * (each.features()[i] - 0.5);
                            }
                            return height >= 0 == (each.label() == 1);
                        })
                        .count()
                / (double) events.size();
    }

    @Test
    void cloudsWanderFromWhereTheyWere() {
        List<Event> events = all(Synthetic.RANDOM_RBF, 2);
        int quarter = EVENTS / 4;

        double still = nearestNeighbour(events.subList(0, 5_000), events.subList(5_000, 6_000));
        double after = nearestNeighbour(events.subList(0, 5_000), events.subList(3 * quarter, 3 * quarter + 1_000));

        assertThat(still).isGreaterThan(0.8);
        assertThat(after).isLessThan(still - 0.15);
    }

    private static double nearestNeighbour(List<Event> known, List<Event> asked) {
        int right = 0;
        for (Event each : asked) {
            Event nearest = known.get(0);
            double least = Double.MAX_VALUE;
            for (Event other : known) {
                double distance = 0;
                for (int i = 0; i < 10; i++) {
                    double way = other.features()[i] - each.features()[i];
                    distance += way * way;
                }
                if (distance < least) {
                    least = distance;
                    nearest = other;
                }
            }
            right += nearest.label() == each.label() ? 1 : 0;
        }
        return right / (double) asked.size();
    }

    @Test
    void answersAWrongNameWithTheNearest() {
        assertThat(Synthetic.named("random-rbf")).isEqualTo(Synthetic.RANDOM_RBF);
        assertThatThrownBy(() -> Synthetic.named("agrawl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown stream \"agrawl\"; did you mean \"agrawal\"?"
                        + " (streams: sea, agrawal, hyperplane, random-rbf, led)");
    }
}
