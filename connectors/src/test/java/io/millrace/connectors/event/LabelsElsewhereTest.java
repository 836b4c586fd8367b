package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class LabelsElsewhereTest {
    private static final Origin ORIGIN = new Origin("labels", 2, 7, 5_000);
    private static final Label FRAUD = new Label("fraud", List.of("no", "yes"), null);
    private static final List<Feature> FEATURES = List.of(new Feature.Numeric(List.of("amount")));
    private static final EventFields NAMES = Readers.fields("card", "id", null, null);

    private static Decoded read(SampleReader reader, String record) {
        return reader.read(null, record.getBytes(StandardCharsets.UTF_8), ORIGIN);
    }

    private static EventReader events(LabelPlace place) {
        return EventReader.of(new Format.Json(), NAMES, FRAUD, place, FEATURES, Path.of(""));
    }

    private static void isTheLabel(Sample sample) {
        assertThat(sample.kind()).isEqualTo(Sample.Kind.LABEL);
        assertThat(sample.key()).isEqualTo("c1");
        assertThat(sample.id()).isEqualTo("p9");
        assertThat(sample.features()).isEmpty();
        assertThat(sample.label()).containsExactly(1);
    }

    @Test
    void aLabelRecordIsALabelAloneAndMayBeOfAnotherFormat() throws Exception {
        Format csv = new Format.Csv(List.of("p", "c", "fraud", "at"), ";");
        SampleReader reader = LabelRecordReader.of(csv, Readers.fields("c", "p", "at", null), FRAUD, Path.of(""));

        Sample label = read(InstantiationUtil.clone(reader), "p9;c1;yes;1234").sample();

        isTheLabel(label);
        assertThat(label.time()).isEqualTo(1234);
        assertThat(label.origin()).isEqualTo(ORIGIN);
    }

    @Test
    void aLabelRecordWithoutATimeHasThatOfKafka() {
        SampleReader reader = LabelRecordReader.of(new Format.Json(), NAMES, FRAUD, Path.of(""));

        assertThat(read(reader, "{'card': 'c1', 'id': 'p9', 'fraud': 'yes'}".replace('\'', '"'))
                        .sample()
                        .time())
                .isEqualTo(5_000);
    }

    @Test
    void aLabelRecordThatLacksSomethingIsADeadLetter() {
        SampleReader reader = LabelRecordReader.of(new Format.Json(), NAMES, FRAUD, Path.of(""));

        assertThat(read(reader, "{\"card\": \"c1\", \"fraud\": \"yes\"}")
                        .deadLetter()
                        .reason())
                .isEqualTo("id is missing, but it is the event's id");
        assertThat(read(reader, "{\"card\": \"c1\", \"id\": \"p9\"}")
                        .deadLetter()
                        .reason())
                .isEqualTo("fraud is missing, but it is the event's label");
        assertThat(read(reader, "{\"card\": \"c1\", \"id\": \"p9\", \"fraud\": \"y\"}")
                        .deadLetter()
                        .reason())
                .startsWith("fraud=\"y\" is not one of the classes [no, yes]");
        assertThatThrownBy(() -> LabelRecordReader.of(
                        new Format.Json(), Readers.fields("card", null, null, null), FRAUD, Path.of("")))
                .hasMessage("id must be given: labels find their events by it");
    }

    @Test
    void aRecordOfTheEventsTopicWithALabelAndNoFeatureIsALabelAlone() {
        EventReader reader = events(LabelPlace.LATER_IN_TOPIC);

        isTheLabel(read(reader, "{\"card\": \"c1\", \"id\": \"p9\", \"fraud\": \"yes\"}")
                .sample());
        Sample event = read(reader, "{\"card\": \"c1\", \"id\": \"p9\", \"amount\": 3}")
                .sample();
        assertThat(event.kind()).isEqualTo(Sample.Kind.BOTH);
        assertThat(event.labelled()).isFalse();
        Sample both = read(reader, "{\"card\": \"c1\", \"id\": \"p9\", \"amount\": 3, \"fraud\": \"no\"}")
                .sample();
        assertThat(both.kind()).isEqualTo(Sample.Kind.BOTH);
        assertThat(both.label()).containsExactly(0);
    }

    @Test
    void anEventThatWaitsForALabelNeedsAnId() {
        EventReader reader = events(LabelPlace.OTHER_TOPIC);

        assertThat(read(reader, "{\"card\": \"c1\", \"amount\": 3}")
                        .deadLetter()
                        .reason())
                .isEqualTo("id is missing, but it is the event's id");
        assertThat(read(events(LabelPlace.WITH_EVENT), "{\"card\": \"c1\", \"amount\": 3}")
                        .sample()
                        .id())
                .isEqualTo("2-7");
    }

    @Test
    void aLabelOfAnotherTopicIsNeitherReadFromTheEventNorAFeature() {
        Format csv = new Format.Csv(List.of("id", "card", "amount", "fraud"), ",");
        EventReader reader = EventReader.of(csv, NAMES, FRAUD, LabelPlace.OTHER_TOPIC, List.of(), Path.of(""));

        Sample event = read(reader, "p9,c1,3,yes").sample();

        assertThat(event.labelled()).isFalse();
        assertThat(event.features()).containsExactly(3);
    }

    @Test
    void aTextStandsForALabel() {
        assertThat(FRAUD.value("yes")).containsExactly(1);
        assertThat(new Label("price", null, null).value("2.5")).containsExactly(2.5f);
        assertThat(new Label(null, List.of("p_no", "p_yes"), null, null).value("p_yes"))
                .containsExactly(0, 1);
        assertThatThrownBy(() -> FRAUD.value("yess"))
                .hasMessage("label=\"yess\" is not one of the classes [no, yes]; did you mean \"yes\"?");
        assertThatThrownBy(() -> FRAUD.value("")).hasMessage("\"\" stands for a missing label");
    }
}
