package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.event.Decoded;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.Test;

class LateLabelsOfFileTest {

    /** What comes of events a, b, c, d at minutes 0, 10, 20, 60: E for an event, L for a label. */
    private static String order(String delay) {
        List<Decoded> out = new ArrayList<>();
        LateLabelsOfFile late = new LateLabelsOfFile(Delay.parse(delay), new ListCollector<>(out));
        int[] minutes = {0, 10, 20, 60};
        for (int i = 0; i < minutes.length; i++) {
            String id = String.valueOf((char) ('a' + i));
            late.collect(new Decoded(Sample.of("k", id, minutes[i] * 60_000L, new float[] {i}, i % 2), null));
        }
        late.close();
        StringBuilder order = new StringBuilder();
        for (Decoded decoded : out) {
            Sample sample = decoded.sample();
            boolean label = sample.kind() == Sample.Kind.LABEL;
            assertThat(sample.labelled()).isEqualTo(label);
            order.append(label ? 'L' : 'E').append(sample.id()).append(' ');
        }
        return order.toString().strip();
    }

    @Test
    void withoutDelayEveryLabelFollowsItsEvent() {
        assertThat(order("0")).isEqualTo("Ea La Eb Lb Ec Lc Ed Ld");
    }

    @Test
    void labelsComeSoManyEventsLaterAndTheRestAtTheEnd() {
        assertThat(order("1")).isEqualTo("Ea Eb La Ec Lb Ed Lc Ld");
        assertThat(order("2")).isEqualTo("Ea Eb Ec La Ed Lb Lc Ld");
        assertThat(order("48")).isEqualTo("Ea Eb Ec Ed La Lb Lc Ld");
    }

    @Test
    void labelsComeSoMuchEventTimeLater() {
        assertThat(order("10 min")).isEqualTo("Ea La Eb Lb Ec Lc Ed Ld");
        assertThat(order("15 min")).isEqualTo("Ea Eb La Ec Lb Lc Ed Ld");
        assertThat(order("1h")).isEqualTo("Ea Eb Ec La Ed Lb Lc Ld");
    }

    @Test
    void aDelayIsANumberOfEventsOrADuration() {
        assertThat(Delay.parse("48")).hasToString("48");
        assertThat(Delay.parse("2 h")).hasToString("2 h");
        assertThatThrownBy(() -> Delay.parse("soon"))
                .hasMessage("\"soon\" must be a number of events such as 48 or a duration such as 2 h");
    }
}
