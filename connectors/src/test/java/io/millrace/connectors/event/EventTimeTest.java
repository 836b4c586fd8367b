package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventTimeTest {
    private static final long FIRST = -62_135_596_800_000L; // the year 1
    private static final long LAST = 253_402_300_799_999L; // the year 9999

    @Test
    void secondsWithThreeDigitsAreTheirMilliseconds() {
        for (long second : new long[] {FIRST / 1000, -1, 0, 1_700_000_000L, LAST / 1000}) {
            for (long millis = second * 1000; millis < (second + 1) * 1000; millis++) {
                double seconds = BigDecimal.valueOf(millis, 3).doubleValue();
                assertThat(EventTime.of(seconds, TimeUnit.SECONDS)).isEqualTo(millis);
            }
        }
    }

    @Test
    void wholeMillisecondsStayWhatTheyAre() {
        for (long millis : new long[] {FIRST, FIRST + 1, -1, 0, 1_700_000_000_123L, LAST - 1, LAST}) {
            assertThat(EventTime.of((double) millis, TimeUnit.MILLISECONDS)).isEqualTo(millis);
            assertThat(EventTime.of(millis * 1e3, TimeUnit.MICROSECONDS)).isEqualTo(millis);
        }
    }

    @Test
    void partsOfMillisecondsAreCutOff() {
        assertThat(EventTime.of(12.75, TimeUnit.MILLISECONDS)).isEqualTo(12);
        assertThat(EventTime.of(-12.25, TimeUnit.MILLISECONDS)).isEqualTo(-13);
        assertThat(EventTime.of(1_998_000, TimeUnit.NANOSECONDS)).isEqualTo(1);
        assertThat(EventTime.of(1e300, TimeUnit.DAYS)).isEqualTo(Long.MAX_VALUE);
    }
}
