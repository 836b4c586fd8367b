package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvEventsTest {
    private static final List<String> HEADER = List.of("station", "price", "demand", "class");
    private final EventReader reader = Readers.csv(
            HEADER, Readers.fields("station", null, null, null), new Label("class", List.of("0", "1"), null));

    @Test
    void readsALine() {
        Sample sample = Readers.sample(reader, "\"north, east\",1.5, -2e3 ,1\r\n");
        assertThat(sample.key()).isEqualTo("north, east");
        assertThat(sample.features()).containsExactly(1.5f, -2000);
        assertThat(sample.label()).containsExactly(1);
    }

    @Test
    void matchesLabelsByValue() {
        assertThat(Readers.sample(reader, "n,1,1,1.0").label()).containsExactly(1);
        assertThat(Readers.sample(reader, "n,1,1,0").label()).containsExactly(0);
        EventReader truth =
                Readers.csv(List.of("x", "y"), EventFields.NONE, new Label("y", List.of("false", "true"), null));
        assertThat(Readers.sample(truth, "1,true").label()).containsExactly(1);
    }

    @Test
    void knowsSeveralSpellingsOfMissing() {
        for (String missing : List.of("", "NA", "NaN", "null", "?", " ", "\"\"")) {
            Sample sample = Readers.sample(reader, "n," + missing + ",true," + missing);
            assertThat(sample.features()).containsExactly(Float.NaN, 1);
            assertThat(sample.labelled()).isFalse();
        }
    }

    @Test
    void saysWhyARecordIsBad() {
        assertThat(Readers.reason(reader, "n,abc,1,1")).isEqualTo("price=\"abc\" is not a number");
        assertThat(Readers.reason(reader, "n,1f,1,1")).isEqualTo("price=\"1f\" is not a number");
        assertThat(Readers.reason(reader, "n,0x1p3,1,1")).isEqualTo("price=\"0x1p3\" is not a number");
        assertThat(Readers.reason(reader, "n,1e999,1,1")).isEqualTo("price=\"1e999\" must be a finite number");
        assertThat(Readers.reason(reader, "n,-Infinity,1,1")).isEqualTo("price=\"-Infinity\" must be a finite number");
        assertThat(Readers.reason(reader, "n,1,1,2")).isEqualTo("class=\"2\" is not one of the classes [0, 1]");
        assertThat(Readers.reason(reader, ",1,1,1")).isEqualTo("station is missing, but it is the event's key");
        assertThat(Readers.reason(reader, "n,1,1")).isEqualTo("the record has 3 fields, but the CSV header 4");
        assertThat(Readers.reason(reader, "n,1,1,1\nn,1,1,1")).isEqualTo("the record has more than one line of CSV");
        assertThat(Readers.reason(reader, "")).startsWith("the record has ");
        assertThat(Readers.reason(reader, new byte[] {(byte) 0xff, ',', '1', ',', '1', ',', '1'}))
                .isEqualTo("the record holds text that is not UTF-8");
    }

    @Test
    void acceptsTheReplacementCharacterItself() {
        byte[] line = "\uFFFD,1,1,1".getBytes(StandardCharsets.UTF_8);
        assertThat(Readers.sample(reader, line).key()).isEqualTo("\uFFFD");
    }

    @Test
    void needsAHeaderOnATopic() {
        assertThatThrownBy(() -> new Format.Csv(null, ",").layout(Path.of("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header must be given to read CSV from a topic");
    }
}
