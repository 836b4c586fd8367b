package io.millrace.jobs.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.jobs.yaml.Recipe.Bake;
import io.millrace.jobs.yaml.Recipe.Doneness;
import io.millrace.jobs.yaml.Recipe.Layered;
import io.millrace.jobs.yaml.Recipe.Oven;
import io.millrace.jobs.yaml.Recipe.Ratio;
import io.millrace.jobs.yaml.Recipe.Stir;
import io.millrace.models.spec.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecFormatTest {
    private static final SpecFormat<Recipe> FORMAT = SpecFormat.of(Recipe.class);

    @Test
    void fillsInEveryDefault() {
        assertThat(read("name: stew"))
                .isEqualTo(new Recipe(
                        "stew",
                        3,
                        5_000_000_000L,
                        0.1f,
                        1e-8,
                        false,
                        Doneness.WELL_DONE,
                        Duration.ofSeconds(90),
                        null,
                        Map.of(),
                        List.of(new Stir(), new Bake(180, false)),
                        new Oven(null),
                        new Ratio(1, 2)));
    }

    @Test
    void readsEveryWayToWriteAChoice() {
        String steps = "steps: [stir, {stir: {}}, {bake: 20}, {bake: {degrees: 30, fan: true}}, {layered: [stir]}]";

        assertThat(read("name: stew\n" + steps).steps())
                .containsExactly(
                        new Stir(),
                        new Stir(),
                        new Bake(20, false),
                        new Bake(30, true),
                        new Layered(List.of(new Stir())));
    }

    @Test
    void readsNumbersAsYamlWritesThem() {
        Recipe recipe = read("{name: stew, count: 1e1, many: -7, single: 3e-3, tiny: .5, tags: [1.50, true, 007]}");

        assertThat(recipe.count()).isEqualTo(10);
        assertThat(recipe.many()).isEqualTo(-7);
        assertThat(recipe.single()).isEqualTo(0.003f);
        assertThat(recipe.tiny()).isEqualTo(0.5);
        assertThat(recipe.tags()).containsExactly("1.50", "true", "007");
    }

    @Test
    void readsDurationsInEveryUnit() {
        for (String text : List.of("250 ms", "5 s", "10 min", "1 h", "2 d", "0 ms")) {
            assertThat(Span.text(Span.parse(text))).isEqualTo(text);
        }
        assertThat(Span.parse("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(Span.parse("5 minutes")).isNull();
        assertThat(Span.parse("-5 s")).isNull();
    }

    @Test
    void readsItsOwnPrint() {
        Recipe recipe = read("{name: '12', single: 0.3, tags: ['null', 'a: b', \" \", \"tab\\there\", '~', '{'], "
                + "properties: {acks: all, url: 'x#y'}, steps: [{layered: [stir, {bake: 99}]}], ratio: '3:4', "
                + "oven: {maker: \"two\\nlines\"}}");

        assertThat(read(FORMAT.print(recipe))).isEqualTo(recipe);
    }

    @Test
    void reportsEveryComponentThatIsOutOfRange() {
        assertThat(mistakes("{name: x, count: 11, single: 0, tiny: 1, time: 0 s, tags: [], steps: [{bake: 500}]}"))
                .containsExactly(
                        "f:1:8: name: found \"x\": length must be >= 2",
                        "f:1:18: count: found 11: must be <= 10",
                        "f:1:30: single: found 0: must be > 0",
                        "f:1:39: tiny: found 1: must be < 1",
                        "f:1:48: time: found \"0 s\": seconds must be > 0",
                        "f:1:59: tags: found 0: number of entries must be >= 1",
                        "f:1:78: steps[0].bake: found 500: must be <= 300");
    }

    @Test
    void reportsWhatARecordRefusesAtThatRecord() {
        assertThat(mistakes("name: stew\nratio: 1-2"))
                .containsExactly("f:2:8: ratio: expected a ratio such as 1:2, found \"1-2\"");
        assertThat(mistakes("name: stew\nquick: true"))
                .containsExactly("f:1:1: quick must be false for doneness=well-done");
    }

    @Test
    void doesNotMissAKeyThatIsMisspelt() {
        assertThat(mistakes("nme: stew"))
                .singleElement()
                .asString()
                .startsWith("f:1:1: nme: unknown key; did you mean \"name\"? Allowed: name, count, ");
    }

    @Test
    void refusesFilesThatWouldExhaustMemory() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(mistakes(bomb.toString())).containsExactly("f: it unfolds to over 100000 values");
        assertThat(mistakes("name: &loop [*loop]")).hasSize(1);
        assertThat(mistakes("[".repeat(500_000))).containsExactly("f: nested more than 100 deep");
        assertThat(mistakes("#".repeat(Document.MOST_CHARACTERS + 1)))
                .containsExactly("f: the file is longer than 1000000 characters");
    }

    @Test
    void sharesWhatAnAnchorNames() {
        assertThat(read("{name: stew, steps: [{layered: &both [stir, {bake: 99}]}, {layered: *both}]}")
                        .steps())
                .containsExactly(
                        new Layered(List.of(new Stir(), new Bake(99, false))),
                        new Layered(List.of(new Stir(), new Bake(99, false))));
    }

    @Test
    void masksSecretsButShowsReferences() {
        String printed = FORMAT.print(read("{name: stew, properties: {ssl.key.password: hunter2, acks: all, "
                + "sasl.jaas.config: hunter3, my.TOKEN: \"${env:PATH}\"}}"));

        assertThat(printed)
                .doesNotContain("hunter")
                .contains("acks: all", "ssl.key.password: '***'", "sasl.jaas.config: '***'", "my.TOKEN: '${env:PATH}'");
    }

    @Test
    void resolvesReferencesOnlyWhenAsked(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "$1 or \\1\n");
        Recipe recipe = read("{name: stew, oven: {maker: 'by ${env:PATH}'}, properties: {password: '${file:" + secret
                + "}'}, tags: ['${env:PATH}']}");

        assertThat(recipe.properties()).containsEntry("password", "${file:" + secret + "}");
        Recipe resolved = FORMAT.resolve(recipe);
        assertThat(resolved.properties()).containsEntry("password", "$1 or \\1");
        assertThat(resolved.oven().maker()).isEqualTo("by " + System.getenv("PATH"));
        assertThat(resolved.tags()).containsExactly(System.getenv("PATH"));
        assertThat(resolved.steps()).isEqualTo(recipe.steps());
    }

    @Test
    void refusesReferencesToNothing() {
        assertThat(mistakes("{name: stew, tags: ['${env:NO_SUCH_VARIABLE}', '${file:/no/such/file}', '${evn:PATH}']}"))
                .containsExactly(
                        "f:1:21: tags[0]: environment variable \"NO_SUCH_VARIABLE\" is not set",
                        "f:1:48: tags[1]: file \"/no/such/file\" cannot be read",
                        "f:1:73: tags[2]: unknown reference ${evn:PATH}; allowed: ${env:NAME}, ${file:PATH}");
    }

    @Test
    void refusesFilesThatAreNotText(@TempDir Path directory) throws IOException {
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThat(FORMAT.read(binary).mistakes())
                .containsExactly(new Mistake(binary.toString(), 0, 0, "", "the file is not UTF-8 text"));
        assertThat(FORMAT.read(directory).mistakes())
                .containsExactly(new Mistake(directory.toString(), 0, 0, "", "this is a directory"));
    }

    @Test
    void refusesRecordsThatDoNotDescribeThemselves() {
        record Silent(int count) {}
        record Foreign(@Setting("An object.") Object any) {}

        assertThatThrownBy(() -> SpecFormat.of(Silent.class).schema())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no @Setting");
        assertThatThrownBy(() -> SpecFormat.of(Foreign.class).schema())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("java.lang.Object cannot be a component of a spec record");
    }

    private static Recipe read(String text) {
        return FORMAT.read(text, "f").orThrow();
    }

    private static List<String> mistakes(String text) {
        return FORMAT.read(text, "f").mistakes().stream().map(Mistake::toString).toList();
    }
}
