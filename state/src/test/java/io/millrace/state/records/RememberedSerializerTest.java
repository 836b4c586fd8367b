package io.millrace.state.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RememberedSerializerTest {
    private static final Sample EVENT = new Sample(
            "card-1",
            "pay-7",
            1_700_000_000_000L,
            new float[] {1.5f, 2.5f},
            new float[0],
            2,
            Sample.Kind.BOTH,
            new Origin("payments", 3, 42, 1_700_000_000_123L));
    private static final Remembered WAITING = new Remembered(5, EVENT, new float[] {0.25f, 0.75f}, 1, 0);

    /** What a checkpoint of the first format holds; it must be read for as long as there are such checkpoints. */
    private static final String STORED = "0000000000000005" + "0006636172642d31" + "00057061792d37" + "0000018bcfe56800"
            + "00023fc0000040200000" + "0000" + "40000000" + "03" + "00087061796d656e7473" + "00000003"
            + "000000000000002a" + "0000018bcfe5687b" + "00023e8000003f400000" + "3f800000" + "00000000";

    @Test
    void writesAndReadsTheBytesOfStoredCheckpoints() throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(16);
        RememberedSerializer.INSTANCE.serialize(WAITING, bytes);

        assertThat(HexFormat.of().formatHex(bytes.getCopyOfBuffer())).isEqualTo(STORED);
        assertThat(read(STORED)).usingRecursiveComparison().isEqualTo(WAITING);
    }

    @Test
    void anExpiredEventKeepsItsNameAndTimeOnly() throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(16);
        RememberedSerializer.INSTANCE.serialize(WAITING.expired(), bytes);

        Remembered expired = read(HexFormat.of().formatHex(bytes.getCopyOfBuffer()));

        assertThat(WAITING.isExpired()).isFalse();
        assertThat(expired.isExpired()).isTrue();
        assertThat(expired.number()).isEqualTo(5);
        assertThat(expired.sample().id()).isEqualTo("pay-7");
        assertThat(expired.sample().time()).isEqualTo(EVENT.time());
        assertThat(bytes.length()).isEqualTo(STORED.length() / 2 - 8 - 8);
    }

    private static Remembered read(String hex) throws IOException {
        return RememberedSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(HexFormat.of().parseHex(hex)));
    }
}
