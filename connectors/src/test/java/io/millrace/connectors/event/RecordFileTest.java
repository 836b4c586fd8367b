package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.state.records.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Event", "fields": [
              {"name": "station", "type": "string"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "price", "type": ["null", "double"]},
              {"name": "count", "type": "int", "default": 4},
              {"name": "class", "type": {"type": "enum", "name": "Class", "symbols": ["DOWN", "UP"]}}]}""");

    @TempDir
    Path directory;

    private RecordFile open(String name, String text, Format format) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.writeString(directory.resolve("event.avsc"), SCHEMA.toString());
        return RecordFile.open(file, format, directory, Set.of("card", "id"));
    }

    private static String text(byte[] record) {
        return new String(record, StandardCharsets.UTF_8);
    }

    @Test
    void passesLinesOfTheSameFormatOn() throws IOException {
        try (RecordFile file = open("a.csv", "x,y\n1,2\n\nbroken\n", new Format.Csv(null, ","))) {
            assertThat(file.format()).isEqualTo(new Format.Csv(List.of("x", "y"), ","));
            assertThat(text(file.next())).isEqualTo("1,2");
            assertThat(text(file.next())).isEqualTo("broken");
            assertThat(file.line()).isEqualTo(4);
            assertThat(file.next()).isNull();
        }
    }

    @Test
    void tellsWhatTheLastRecordHasInAField() throws IOException {
        try (RecordFile file = open("a.csv", "x,y\n7,\nbroken\n", new Format.Csv(null, ","))) {
            file.next();
            assertThat(file.text("x")).isEqualTo("7");
            assertThat(file.text("z")).isNull();
            file.next();
            assertThat(file.text("x")).isNull();
        }
    }

    @Test
    void writesRowsAsJson() throws IOException {
        try (RecordFile file = open("a.csv", "x,y,z,t\n1,2.50,NA,north\n", new Format.Json())) {
            assertThat(text(file.next())).isEqualTo("{\"x\":1,\"y\":2.5,\"z\":null,\"t\":\"north\"}");
        }
    }

    /** As a double, both card numbers were 4.0E18, and the cards shared a model. */
    @Test
    void keepsEveryDigitOfLongNumbers() throws IOException {
        EventReader reader = Readers.json(
                Readers.fields("card", null, null, null), Readers.UP_OR_DOWN, new Feature.Numeric(List.of("x")));
        List<String> cards = List.of("4000000000000000123", "4000000000000000124", "98765432109876543210987", "42");
        String rows = "card,x\n" + String.join(",1e3\n", cards) + ",+7\n";
        try (RecordFile file = open("a.csv", rows, new Format.Json())) {
            for (String card : cards) {
                assertThat(Readers.sample(reader, file.next()).key()).isEqualTo(card);
            }
        }
    }

    /** As a number, station 007 was station 7, and the two shared a model. */
    @Test
    void aNameKeepsItsZerosAndANumberLosesThem() throws IOException {
        EventReader reader = Readers.json(
                Readers.fields("card", null, null, null), Readers.UP_OR_DOWN, new Feature.Numeric(List.of("month")));
        try (RecordFile file = open("a.csv", "card,month\n007,07\n7,12\n", new Format.Json())) {
            Sample first = Readers.sample(reader, file.next());
            assertThat(first.key()).isEqualTo("007");
            assertThat(first.features()).containsExactly(7);
            Sample second = Readers.sample(reader, file.next());
            assertThat(second.key()).isEqualTo("7");
            assertThat(second.features()).containsExactly(12);
        }
    }

    /** Version 1.10 was version 1.1, and the part 12e3 was 12000. */
    @Test
    void aNameIsSpelledAsItWas() throws IOException {
        EventReader reader = Readers.json(
                Readers.fields("card", null, null, null), Readers.UP_OR_DOWN, new Feature.Numeric(List.of("x")));
        List<String> names = List.of("1.10", "1.1", "12e3", "12000", "+7", "-0", "-5");
        try (RecordFile file =
                open("a.csv", "card,x\n" + String.join(",1.10\n", names) + ",1.10\n", new Format.Json())) {
            for (String name : names) {
                Sample sample = Readers.sample(reader, file.next());
                assertThat(sample.key()).isEqualTo(name);
                assertThat(sample.features()).containsExactly(1.1f);
            }
        }
    }

    @Test
    void aQuotedFieldMayHoldLineBreaks() throws IOException {
        String rows = "x,note\n1,\"a\nb\"\"\n\nc\"\r\n2,d\n";
        try (RecordFile file = open("a.csv", rows, new Format.Csv(null, ","))) {
            byte[] first = file.next();
            assertThat(text(first)).isEqualTo("1,\"a\nb\"\"\n\nc\"");
            assertThat(file.line()).isEqualTo(2);
            assertThat(file.text("note")).isEqualTo("a\nb\"\n\nc");
            assertThat(text(file.next())).isEqualTo("2,d");
            assertThat(file.line()).isEqualTo(6);
            assertThat(file.next()).isNull();
        }
        try (RecordFile file = open("a.csv", rows, new Format.Json())) {
            assertThat(text(file.next())).isEqualTo("{\"x\":1,\"note\":\"a\\nb\\\"\\n\\nc\"}");
            assertThat(text(file.next())).isEqualTo("{\"x\":2,\"note\":\"d\"}");
        }
    }

    @Test
    void aNameOfAColumnMayHoldLineBreaks() throws IOException {
        try (RecordFile file = open("a.csv", "\"x\n(m)\",y\n1,2\n", new Format.Json())) {
            assertThat(text(file.next())).isEqualTo("{\"x\\n(m)\":1,\"y\":2}");
        }
    }

    /** Otherwise it would take the rest of the file with it. */
    @Test
    void aStrayQuoteSpoilsNoMoreThanItsLine() throws IOException {
        for (String stray : List.of("\"1,2", "1,\"2", "\"1\"a,2", "1,2\"")) {
            try (RecordFile file = open("a.csv", "x,y\n" + stray + "\n3,4\n", new Format.Csv(null, ","))) {
                assertThat(text(file.next())).isEqualTo(stray);
                assertThat(text(file.next())).isEqualTo("3,4");
                assertThat(file.line()).isEqualTo(3);
                assertThat(file.next()).isNull();
            }
        }
    }

    @Test
    void whereAQuoteOfManyLinesHasNoEndTheLinesStandForThemselves() throws IOException {
        String rows = "x,y\n\"1,2\n" + "3,4\n\n".repeat(50_000);
        try (RecordFile file = open("a.csv", rows, new Format.Csv(null, ","))) {
            assertThat(text(file.next())).isEqualTo("\"1,2");
            for (int row = 0; row < 50_000; row++) {
                assertThat(text(file.next())).isEqualTo("3,4");
                assertThat(file.line()).isEqualTo(3 + 2 * row);
            }
            assertThat(file.next()).isNull();
        }
    }

    @Test
    void writesObjectsAsCsv() throws IOException {
        Format csv = new Format.Csv(List.of("y", "x", "z"), ";");
        try (RecordFile file = open("a.jsonl", "{\"x\": 1, \"y\": \"a;b\"}\n", csv)) {
            assertThat(text(file.next())).isEqualTo("\"a;b\";1;");
        }
    }

    @Test
    void writesRowsAsAvroThatIsReadBack() throws IOException {
        EventReader reader =
                Readers.avro(directory, SCHEMA, Readers.fields("station", null, "at", null), Readers.UP_OR_DOWN);
        String rows = "at,class,station,price\n2023-11-14T22:13:20Z,UP,007,1.5\n1700000000001,DOWN,8,\n";
        try (RecordFile file = open("a.csv", rows, new Format.Avro("event.avsc"))) {
            Sample first = Readers.sample(reader, file.next());
            assertThat(first.key()).isEqualTo("007");
            assertThat(first.time()).isEqualTo(1_700_000_000_000L);
            assertThat(first.features()).containsExactly(1.5f, 4);
            assertThat(first.label()).containsExactly(1);
            Sample second = Readers.sample(reader, file.next());
            assertThat(second.features()).containsExactly(Float.NaN, 4);
            assertThat(second.label()).containsExactly(0);
        }
    }

    @Test
    void namesTheLineThatDoesNotFit() throws IOException {
        String rows = "at,class,station,price\n1,UPP,n,1\n";
        try (RecordFile file = open("a.csv", rows, new Format.Avro("event.avsc"))) {
            assertThatThrownBy(file::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("line 2: class=\"UPP\" does not fit the Avro type ");
        }
    }

    /** Of two columns of one name the first was lost; what has no name can be lost. */
    @Test
    void refusesTwoColumnsOfOneName() throws IOException {
        assertThatThrownBy(() -> open("a.csv", "x,y,x\n1,2,3\n", new Format.Json()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file's first line names the column \"x\" twice");
        try (RecordFile file = open("a.csv", "x,,\n1,2,3\n", new Format.Json())) {
            assertThat(text(file.next())).startsWith("{\"x\":1,");
        }
    }

    @Test
    void readsOverAByteOrderMark() throws IOException {
        try (RecordFile rows = open("a.csv", "\uFEFFx,y\n1,2\n", new Format.Json());
                RecordFile objects = open("a.jsonl", "\uFEFF{\"x\":1,\"y\":2}\n", new Format.Json())) {
            assertThat(text(rows.next())).isEqualTo("{\"x\":1,\"y\":2}");
            assertThat(text(objects.next())).isEqualTo("{\"x\":1,\"y\":2}");
        }
    }

    @Test
    void saysAboutWhereAFileIsNotUtf8() throws IOException {
        Path file = directory.resolve("a.csv");
        byte[] latin = "x,y\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, latin);
        assertThatThrownBy(() -> RecordFile.open(file, new Format.Json(), directory, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 1 or one soon after it is not UTF-8 text");

        Files.writeString(file, "x,y\n" + "1,a\n".repeat(10_000));
        Files.write(file, latin, StandardOpenOption.APPEND);
        try (RecordFile records = RecordFile.open(file, new Format.Json(), directory, Set.of())) {
            assertThatThrownBy(() -> {
                        while (records.next() != null) {}
                    })
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("line \\d+ or one soon after it is not UTF-8 text");
            assertThat(records.line()).isBetween(5_000L, 10_003L);
        }
    }

    /** Written out, the number has a hundred million digits. */
    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void refusesDecimalsThatNobodyCouldWriteOut() throws IOException {
        Files.writeString(directory.resolve("fee.avsc"), """
                {"type": "record", "name": "E", "fields": [{"name": "fee",
                  "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}""");
        try (RecordFile file = open("a.csv", "fee\n1.25\n1e99999999\n", new Format.Avro("fee.avsc"))) {
            assertThat(file.next()).containsExactly(2, 125);
            assertThatThrownBy(file::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("line 3: fee=\"1e99999999\" does not fit the Avro type ");
        }
    }

    @Test
    void refusesAFileWithoutColumns() {
        for (String empty : List.of("", "\n1,2\n")) {
            assertThatThrownBy(() -> open("a.csv", empty, new Format.Csv(null, ",")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the file's first line is empty: it must name the columns");
        }
    }
}
