package io.millrace.models.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random models over random streams: both executors and every batch size come to the same, which is what double
 * precision comes to.
 *
 * <p>Some models magnify rounding: near the edge of stability, where a gradient is zero but for rounding, where a
 * normalizer's column barely moves. There an executor may be as far off as a multiple of how far double precision is moved
 * by noise in a float's last place.
 */
class DjlExecutorAgreementTest {
    /** So far may each executor be from double precision; two are then within 1e-5 of each other. */
    private static final double CLOSE = 5e-6;

    private static final double OUTLIER = 1e15;

    private static int magnifying; // cases so far

    static List<RandomCase> cases() {
        return RandomCase.all();
    }

    /** Fewer where the catalogue matters less, as steps of one row take their time. */
    static List<RandomCase> everyThirdCase() {
        return cases().stream().filter(each -> each.seed() % 3 == 0).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothExecutorsAreCloseToDoublePrecision(RandomCase each) {
        Trace jvm = Trace.jvm(each);
        Trace djl = Trace.djl(each, RandomCase.KEYS);
        int end = firstUndecided(each, jvm, djl);
        assertSameFacts(each, jvm.until(end), djl.until(end));
        Trace exact = DoublePrecision.of(each, jvm, false);
        double farther =
                Math.max(jvm.until(end).distance(exact, each), djl.until(end).distance(exact, each));
        if (farther > CLOSE || end < jvm.outcomes().size()) {
            magnifying++;
        }
        if (farther > CLOSE) {
            assertThat(farther)
                    .as("%s%njvm is %s off, djl %s", each, jvm.distance(exact, each), djl.distance(exact, each))
                    .isLessThanOrEqualTo(DoublePrecision.rounding(each, jvm));
        }
    }

    /**
     * The first event that both predict but only one learns from, if that is a matter of rounding: an outlier whose gradient
     * would be zero, had the outlier not multiplied it; else the end. Behind it the traces part.
     */
    private static int firstUndecided(RandomCase each, Trace one, Trace other) {
        List<Event> events = each.rounds().stream().flatMap(List::stream).toList();
        return IntStream.range(0, events.size())
                .filter(event -> one.refused(event) != other.refused(event))
                .limit(1)
                .filter(event -> one.predicted(event) && other.predicted(event))
                .filter(event -> Trace.largest(events.get(event).features()) > OUTLIER)
                .findFirst()
                .orElse(events.size());
    }

    /** Or the bound above would say little. */
    @AfterAll
    static void fewCasesMagnifyRounding() {
        assertThat(magnifying).isLessThanOrEqualTo(cases().size() / 8);
    }

    @ParameterizedTest
    @MethodSource("everyThirdCase")
    void batchesComeToTheSameBitsAsOneAtATime(RandomCase each) {
        assertThat(Trace.djl(each, 1).same(Trace.djl(each, RandomCase.KEYS)))
                .as("%s", each)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("everyThirdCase")
    void sameSeedAndStreamGiveTheSameBits(RandomCase each) {
        assertThat(Trace.djl(each, 3).same(Trace.djl(each, 3))).as("%s", each).isTrue();
    }

    private static void assertSameFacts(RandomCase each, Trace one, Trace other) {
        assertThat(other.outcomes()).hasSameSizeAs(one.outcomes());
        for (int event = 0; event < one.outcomes().size(); event++) {
            assertThat(other.facts(event))
                    .as("%s, previous label, version and status of event %s", each, event)
                    .isEqualTo(one.facts(event));
        }
    }
}
