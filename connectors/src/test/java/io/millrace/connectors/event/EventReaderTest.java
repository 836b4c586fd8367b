package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    private final EventReader reader = Readers.json(
            EventFields.NONE, Readers.UP_OR_DOWN, new Feature.Numeric(List.of("x")), new Feature.Categorical("day"));

    @Test
    void readsTheSameAfterATrip() throws IOException, ClassNotFoundException {
        EventReader arrived = InstantiationUtil.clone(reader);
        assertThat(arrived.problem()).isEqualTo(reader.problem());
        String event = "{\"x\": 1.5, \"day\": \"mon\", \"class\": \"UP\"}";
        assertThat(Readers.sample(arrived, event).features())
                .containsExactly(Readers.sample(reader, event).features());
    }

    @Test
    void bothOutcomesCrossTheNetworkWithoutGenericTypes() throws IOException {
        Configuration strict = new Configuration();
        strict.set(PipelineOptions.GENERIC_TYPES, false);
        TypeSerializer<Decoded> serializer =
                TypeInformation.of(Decoded.class).createSerializer(new SerializerConfigImpl(strict));
        Decoded good = reader.read(null, "{\"x\": 1}".getBytes(StandardCharsets.UTF_8), Readers.ORIGIN);
        assertThat(sent(good, serializer).sample()).isNotNull();
        Decoded bad = reader.read(new byte[] {7}, new byte[] {1, 2}, Readers.ORIGIN);
        DeadLetter letter = sent(bad, serializer).deadLetter();
        assertThat(letter).isNotNull();
        assertThat(letter.key()).containsExactly(7);
        assertThat(letter.value()).containsExactly(1, 2);
        assertThat(letter.origin()).isEqualTo(Readers.ORIGIN);
    }

    @Test
    void noRecordCarriesTheTimeBeyondAllYears() {
        byte[] event = "{\"x\": 1}".getBytes(StandardCharsets.UTF_8);
        Origin far = new Origin("events", 0, 7, Long.MAX_VALUE);

        DeadLetter letter = reader.read(null, event, far).deadLetter();

        assertThat(letter).isNotNull();
        assertThat(letter.reason())
                .isEqualTo("the record's timestamp=9223372036854775807 is not in the years 1 to 9999");
        assertThat(reader.read(null, event, new Origin("events", 0, 7, -1)).sample())
                .as("a record without a timestamp")
                .isNotNull();
    }

    private static Decoded sent(Decoded decoded, TypeSerializer<Decoded> serializer) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        serializer.serialize(decoded, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }
}
