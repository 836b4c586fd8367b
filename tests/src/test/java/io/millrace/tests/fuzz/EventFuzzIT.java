package io.millrace.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.event.Decoded;
import io.millrace.connectors.event.EventReader;
import io.millrace.state.records.DeadLetter;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 100,000 damaged records: each is one sample or one dead letter, for little memory and time. */
@Timeout(600)
class EventFuzzIT {
    private static final int EACH = 33_400;
    private static final int HUGE = 10 << 20;
    private static final int HUGE_ONES = 12;
    private static final long SEED = 20_261_121;
    private static final Meter METER = new Meter(24, 256 << 10);
    private static final Origin ORIGIN = new Origin("events", 3, 17, 1_700_000_000_000L);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void everyRecordIsOneSampleOrOneDeadLetter(GoodRecord format) throws Exception {
        everyRecordIsOneSampleOrOneDeadLetter(format.reader(directory), format.bytes());
    }

    /** Items of no bytes: 10 MB of block headers could announce 10^13 of them. */
    @Test
    void avroArraysOfNothingAreNoWork() throws Exception {
        EventReader reader = GoodRecord.AVRO.reader(directory);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeString("north");
        encoder.writeIndex(0);
        encoder.writeLong(1_700_000_000_000L);
        for (int block = 0; block < HUGE / 4; block++) {
            encoder.writeLong(HUGE / 16);
        }
        byte[] bad = bytes.toByteArray();

        Decoded decoded = METER.within(bad.length, "blocks", () -> reader.read(null, bad, ORIGIN));

        assertThat(decoded.deadLetter().reason())
                .isEqualTo("the record is not of its Avro schema: nothing has more items than the record has bytes");
    }

    private static void everyRecordIsOneSampleOrOneDeadLetter(EventReader reader, byte[] good) throws Exception {
        assertThat(reader.read(null, good, ORIGIN).sample()).isNotNull();
        warmUp(reader, good);
        Mutator mutator = new Mutator(SEED);
        int samples = 0;
        for (int i = 0; i < EACH; i++) {
            byte[] bad = i < HUGE_ONES ? mutator.inflated(good, HUGE) : mutator.damaged(good);
            String name = "seed " + SEED + ", record " + i;
            Decoded decoded = METER.within(bad.length, name, () -> reader.read(good, bad, ORIGIN));
            if (decoded.sample() == null) {
                requireUseful(decoded.deadLetter(), bad, good, name);
            } else {
                requireSound(decoded.sample(), name);
                samples++;
            }
        }
        assertThat(samples).as("harmless injuries").isBetween(EACH / 100, EACH / 3);
        assertThat(reader.read(null, good, ORIGIN).sample()).isNotNull();
    }

    /** Classes are initialized when they are first used, which takes memory, too. */
    private static void warmUp(EventReader reader, byte[] good) {
        Mutator mutator = new Mutator(SEED + 1);
        for (int i = 0; i < 5_000; i++) {
            reader.read(null, mutator.damaged(good), ORIGIN);
        }
    }

    private static void requireUseful(DeadLetter letter, byte[] value, byte[] key, String name) {
        if (letter.reason().startsWith("the record cannot be read")
                || letter.reason().length() > 500) {
            assertThat(letter.reason()).as(name).isEqualTo("a short reason that was foreseen");
        }
        if (letter.value() != value || letter.key() != key || !letter.origin().equals(ORIGIN)) {
            assertThat(letter).as(name).isEqualTo("a dead letter with the record's own bytes and origin");
        }
    }

    private static void requireSound(Sample sample, String name) {
        boolean sound = sample.features().length == 2
                && !Float.isInfinite(sample.features()[0])
                && sample.features()[1] >= 0
                && sample.label().length <= 1
                && Float.isFinite(sample.weight())
                && sample.weight() >= 0
                && sample.key().length() <= 1_000
                && sample.id().length() <= 1_000;
        if (!sound) {
            assertThat(sample).as(name).isEqualTo("a sample that a model can learn");
        }
    }
}
