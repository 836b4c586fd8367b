package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Sample;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroEventsTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Event", "fields": [
              {"name": "event_id", "type": {"type": "string", "logicalType": "uuid"}},
              {"name": "station", "type": ["null", "string"]},
              {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "count", "type": "int"},
              {"name": "total", "type": "long"},
              {"name": "price", "type": ["null", "float"]},
              {"name": "ratio", "type": "double"},
              {"name": "open", "type": "boolean"},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "fee", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["CARD", "CASH"]}},
              {"name": "tags", "type": {"type": "array", "items": {"type": "map", "values": "long"}}},
              {"name": "raw", "type": "bytes"},
              {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 4}},
              {"name": "nothing", "type": "null"},
              {"name": "class", "type": ["null", "string", "int"]}]}""");

    @TempDir
    Path directory;

    private static Map<String, Object> event() {
        Map<String, Object> event = new HashMap<>();
        event.put("event_id", "e-1");
        event.put("station", "north");
        event.put("ts", 1_700_000_000_123_456L);
        event.put("count", -7);
        event.put("total", 1L << 40);
        event.put("price", 2.5f);
        event.put("ratio", 0.125);
        event.put("open", true);
        event.put("day", 2);
        event.put(
                "fee", ByteBuffer.wrap(new BigDecimal("-12.34").unscaledValue().toByteArray()));
        event.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "CASH"));
        event.put("tags", List.of(Map.of("a", 1L), Map.of("b", 2L, "c", 3L)));
        event.put("raw", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        event.put("hash", new GenericData.Fixed(SCHEMA.getField("hash").schema(), new byte[] {1, 2, 3, 4}));
        event.put("nothing", null);
        event.put("class", "UP");
        return event;
    }

    private EventReader reader(Feature... features) throws IOException {
        EventFields fields = Readers.fields("station", "event_id", "ts", null);
        return Readers.avro(directory, SCHEMA, fields, Readers.UP_OR_DOWN, features);
    }

    @Test
    void readsEveryTypeAndSkipsTheRest() throws IOException {
        EventReader reader = reader(
                new Feature.Numeric(List.of("count", "total", "price", "ratio", "open", "day", "fee", "ts")),
                new Feature.Categorical("kind", 1 << 20, 3));
        Sample sample = Readers.sample(reader, Readers.avro(SCHEMA, event()));

        assertThat(sample.key()).isEqualTo("north");
        assertThat(sample.id()).isEqualTo("e-1");
        assertThat(sample.time()).isEqualTo(1_700_000_000_123L);
        assertThat(sample.label()).containsExactly(1);
        assertThat(sample.weight()).isEqualTo(1);
        assertThat(sample.kind()).isEqualTo(Sample.Kind.BOTH);
        assertThat(sample.origin()).isEqualTo(Readers.ORIGIN);
        assertThat(sample.features())
                .containsExactly(
                        -7, 0x1p40f, 2.5f, 0.125f, 1, 172_800, -12.34f, 1.7e9f, CategoryHash.bucket("CASH", 1 << 20));
        assertThat(reader.problem().inputs().width()).isEqualTo(9);
    }

    @Test
    void takesEveryFieldThatIsLeftWhenNoFeaturesAreNamed() throws IOException {
        EventReader reader = reader();
        assertThat(reader.problem().inputs().numeric()).isEqualTo(7);
        assertThat(reader.problem().inputs().categories()).hasSize(1);
        assertThat(Readers.sample(reader, Readers.avro(SCHEMA, event())).features())
                .hasSize(8);
    }

    @Test
    void keepsMissingNumbersAndUnknownLabelsApart() throws IOException {
        Map<String, Object> event = event();
        event.put("price", null);
        event.put("class", null);
        Sample sample = Readers.sample(reader(new Feature.Numeric(List.of("price"))), Readers.avro(SCHEMA, event));
        assertThat(sample.features()).containsExactly(Float.NaN);
        assertThat(sample.labelled()).isFalse();
    }

    @Test
    void saysWhyARecordIsBad() throws IOException {
        EventReader reader = reader(new Feature.Numeric(List.of("ratio")));
        byte[] good = Readers.avro(SCHEMA, event());
        assertThat(Readers.reason(reader, Arrays.copyOf(good, good.length + 3)))
                .isEqualTo("the record has 3 bytes more than its Avro schema");
        assertThat(Readers.reason(reader, Arrays.copyOf(good, 20)))
                .startsWith("the record is not of its Avro schema: ")
                .endsWith("is cut off");
        assertThat(Readers.reason(reader, new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}))
                .isEqualTo("the record is not of its Avro schema: event_id has the length 2147483647,"
                        + " but 0 bytes are left");
        Map<String, Object> event = event();
        event.put("station", null);
        assertThat(Readers.reason(reader, Readers.avro(SCHEMA, event)))
                .isEqualTo("station is missing, but it is the event's key");
        event = event();
        event.put("ratio", Double.NaN);
        assertThat(Readers.reason(reader, Readers.avro(SCHEMA, event))).isEqualTo("ratio=NaN must be a finite number");
        event.put("ratio", 1e300);
        assertThat(Readers.reason(reader, Readers.avro(SCHEMA, event)))
                .isEqualTo("ratio=1.0E300 must be within +-3.4028235e38");
        event.put("ratio", 1.0);
        event.put("class", 1);
        assertThat(Readers.reason(reader, Readers.avro(SCHEMA, event)))
                .isEqualTo("class=1 is not one of the classes [DOWN, UP]");
    }

    @Test
    void refusesFieldsThatTheSchemaDoesNotHave() {
        assertThatThrownBy(() -> reader(new Feature.Numeric(List.of("prise"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("features=prise is not a field of the Avro schema event.avsc;"
                        + " did you mean \"price\"? (fields: event_id, station, ts,");
        assertThatThrownBy(() -> reader(new Feature.Numeric(List.of("kind"))))
                .hasMessage("features=kind must be a number, but is text in the Avro schema event.avsc");
        assertThatThrownBy(() -> reader(new Feature.Numeric(List.of("tags"))))
                .hasMessage(
                        "features=tags must be a number, but is neither a number nor text in the Avro schema event.avsc");
    }

    @Test
    void refusesSchemasThatAreNone() {
        assertThatThrownBy(() -> new Format.Avro("absent.avsc").layout(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("schema=absent.avsc does not exist (");
        assertThatThrownBy(() -> new Format.Avro(null).layout(directory))
                .hasMessage("schema must be given to read Avro");
    }

    @Test
    void refusesMoreListItemsThanBytes() throws IOException {
        Schema nulls = new Schema.Parser().parse("""
                {"type": "record", "name": "E", "fields": [
                  {"name": "list", "type": {"type": "array", "items": "null"}},
                  {"name": "x", "type": "int"}, {"name": "class", "type": "string"}]}""");
        EventReader reader =
                Readers.avro(directory, nulls, EventFields.NONE, Readers.UP_OR_DOWN, new Feature.Numeric(List.of("x")));
        assertThat(Readers.reason(reader, new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, 0x7f, 0, 0}))
                .contains("list has more items than the record has bytes");
    }
}
