package io.millrace.state.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SampleSerializerTest {
    @Test
    void returnsEveryComponent() throws IOException {
        for (Sample.Kind kind : Sample.Kind.values()) {
            Sample sample = new Sample(
                    "Zürich",
                    "e1",
                    -5,
                    new float[] {1.5f, Float.NaN, 3},
                    new float[] {1},
                    0.5f,
                    kind,
                    new Origin("events", 3, 1L << 40, 99));
            DataOutputSerializer bytes = new DataOutputSerializer(16);

            SampleSerializer.INSTANCE.serialize(sample, bytes);
            Sample read = SampleSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes.getCopyOfBuffer()));

            assertThat(read.features()).isEqualTo(sample.features());
            assertThat(read)
                    .usingRecursiveComparison()
                    .ignoringFields("features")
                    .isEqualTo(sample);
        }
    }

    @Test
    void isWhatFlinkPicksForSamples() {
        assertThat(TypeInformation.of(Sample.class)).isInstanceOf(SampleTypeInfo.class);
    }
}
