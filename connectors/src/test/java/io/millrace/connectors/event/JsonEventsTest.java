package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Sample;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
    private final EventReader reader = Readers.json(
            Readers.fields("station", "id", "ts", "w"),
            Readers.UP_OR_DOWN,
            new Feature.Numeric(List.of("price", "open")),
            new Feature.Categorical("day", 100, 4));

    private static String event(String fields) {
        return "{\"station\": \"n\", \"ts\": 5" + (fields.isEmpty() ? "" : ", " + fields) + "}";
    }

    @Test
    void readsAnEvent() {
        Sample sample = Readers.sample(reader, """
                {"other": {"deep": [1, {"price": 9}]}, "price": 1.5, "open": true, "day": "mon", "w": 2,
                 "station": 12345678901234567890, "id": 7, "ts": "2023-11-14T22:13:20.5Z", "class": "UP"}""");
        assertThat(sample.key()).isEqualTo("12345678901234567890");
        assertThat(sample.id()).isEqualTo("7");
        assertThat(sample.time()).isEqualTo(1_700_000_000_500L);
        assertThat(sample.weight()).isEqualTo(2);
        assertThat(sample.label()).containsExactly(1);
        assertThat(sample.features()).containsExactly(1.5f, 1, CategoryHash.bucket("mon", 100));
    }

    @Test
    void fillsInWhatMayBeMissing() {
        Sample sample = Readers.sample(reader, event("\"price\": null"));
        assertThat(sample.features()).containsExactly(Float.NaN, Float.NaN, CategoryHash.missing(100));
        assertThat(sample.id()).isEqualTo("3-17");
        assertThat(sample.weight()).isEqualTo(1);
        assertThat(sample.labelled()).isFalse();
    }

    @Test
    void sharesOneModelAndTheRecordsTimeWhenNoFieldsAreNamed() {
        EventReader bare =
                Readers.json(EventFields.NONE, new Label("y", null, null), new Feature.Numeric(List.of("x")));
        Sample sample = Readers.sample(bare, "{\"x\": 1, \"y\": -2.5}");
        assertThat(sample.key()).isEqualTo(EventReader.SHARED_KEY);
        assertThat(sample.time()).isEqualTo(Readers.ORIGIN.timestamp());
        assertThat(sample.label()).containsExactly(-2.5f);
    }

    @Test
    void understandsTimesAsTheyAreWritten() {
        assertThat(Readers.sample(reader, "{\"station\":1,\"ts\":\"2023-11-14 22:13:20\"}")
                        .time())
                .isEqualTo(1_700_000_000_000L);
        assertThat(Readers.sample(reader, "{\"station\":1,\"ts\":\"2023-11-14T23:13:20+01:00\"}")
                        .time())
                .isEqualTo(1_700_000_000_000L);
        assertThat(Readers.sample(reader, "{\"station\":1,\"ts\":\"1970-01-02\"}")
                        .time())
                .isEqualTo(86_400_000L);
        assertThat(Readers.sample(reader, "{\"station\":1,\"ts\":12.75}").time())
                .isEqualTo(12);
    }

    /** Snapshots and Kafka's keys are UTF-8, which has no halves: both keys became the same question mark. */
    @Test
    void refusesKeysOfHalfACharacter() {
        for (String half : List.of("a\\ud800", "\\udc00b", "\\ud83d\\ud83d\\ude00")) {
            assertThat(Readers.reason(reader, "{\"station\": \"" + half + "\", \"ts\": 1}"))
                    .endsWith(" holds half a character, the key must be text that UTF-8 can hold");
        }
        assertThat(Readers.sample(reader, "{\"station\": \"\\ud83d\\ude00\", \"ts\": 1}")
                        .key())
                .isEqualTo("\ud83d\ude00");
    }

    @Test
    void saysWhyARecordIsBad() {
        assertThat(Readers.reason(reader, event("\"price\": \"abc\""))).isEqualTo("price=\"abc\" is not a number");
        assertThat(Readers.reason(reader, event("\"price\": \"1.5\""))).isEqualTo("price=\"1.5\" is not a number");
        assertThat(Readers.reason(reader, event("\"price\": [1]"))).isEqualTo("price=(nested) is not a number");
        assertThat(Readers.reason(reader, event("\"price\": 1e999"))).isEqualTo("price=1e999 must be a finite number");
        assertThat(Readers.reason(reader, event("\"price\": NaN"))).startsWith("the record is not valid JSON: ");
        assertThat(Readers.reason(reader, event("\"day\": {}"))).isEqualTo("day=(nested) is not text");
        assertThat(Readers.reason(reader, event("\"w\": -1"))).isEqualTo("w=-1 must be >= 0, it is the event's weight");
        assertThat(Readers.reason(reader, event("\"class\": \"Upp\"")))
                .isEqualTo("class=\"Upp\" is not one of the classes [DOWN, UP]; did you mean \"UP\"?");
        assertThat(Readers.reason(reader, event("\"id\": \"" + "x".repeat(1001) + "\"")))
                .isEqualTo("id=\"" + "x".repeat(40) + "...\" has 1001 characters, the id may have 1000");
        assertThat(Readers.reason(reader, "{\"station\": 1}")).isEqualTo("ts is missing, but it is the event's time");
        assertThat(Readers.reason(reader, "{\"ts\": 1}")).isEqualTo("station is missing, but it is the event's key");
        assertThat(Readers.reason(reader, "{\"station\": 1, \"ts\": 1700000000000000}"))
                .isEqualTo("ts=1700000000000000 is not a time in the years 1 to 9999, read as milliseconds");
        assertThat(Readers.reason(reader, "{\"station\": 1, \"ts\": \"noon\"}"))
                .isEqualTo("ts=\"noon\" is not a time in ISO 8601");
        assertThat(Readers.reason(reader, "[1]")).isEqualTo("the record is not a JSON object");
        assertThat(Readers.reason(reader, "")).isEqualTo("the record is not a JSON object");
        assertThat(Readers.reason(reader, event("") + "{}")).isEqualTo("the record goes on after its JSON object");
        assertThat(Readers.reason(reader, event("\"a\": " + "[".repeat(100_000))))
                .startsWith("the record is not valid JSON: ");
    }

    @Test
    void makesADeadLetterOfARecordWithoutValue() {
        Decoded decoded = reader.read(new byte[] {1}, null, Readers.ORIGIN);
        assertThat(decoded.deadLetter()).isNotNull();
        assertThat(decoded.deadLetter().reason()).isEqualTo("the record has no value");
        assertThat(decoded.deadLetter().key()).containsExactly(1);
    }

    @Test
    void refusesToGuessFeaturesAndToShowTheLabel() {
        assertThatThrownBy(() -> Readers.json(EventFields.NONE, Readers.UP_OR_DOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("features must be given: JSON does not say what fields there are");
        assertThatThrownBy(() ->
                        Readers.json(EventFields.NONE, Readers.UP_OR_DOWN, new Feature.Categorical("class", 8, 2)))
                .hasMessage("features=class is the label; a model must not see it");
    }
}
