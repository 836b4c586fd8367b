package io.millrace.tests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.yaml.Mistake;
import io.millrace.jobs.yaml.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damaged job files: each is a spec or a list of mistakes in words, soon, whatever stands there. */
@Timeout(600)
class JobFileFuzzIT {
    private static final int FILES = Integer.getInteger("fuzz.files", 50_000);
    private static final long SEED = 4_049;
    private static final Meter METER = new Meter(1_500, 16 << 20);

    private static final String GOOD = """
            name: electricity
            source:
              kafka: {bootstrap-servers: "localhost:9092", topic: events, properties: {acks: "${env:PATH}"}}
              format: {csv: {header: [ts, id, station, demand, class], delimiter: ";"}}
            event: {id: id, key: station, time: ts, time-unit: seconds, out-of-orderness: 1.5 s}
            label: {field: class, classes: &classes [DOWN, UP]}
            features:
              - numeric: [demand]
            model:
              layers: [standardize, {dense: 6}, layer-norm, relu, {residual: [{dense: 6}, tanh]}, {dropout: 0.1}]
              loss: {cross-entropy: {label-smoothing: 0.1}}
              optimizer: {adam: {learning-rate: 3e-3}}
              schedule: {exponential: {half-life: 1000}}
            parallelism: 2
            checkpoints: {every: 10 s, directory: "file:///tmp/none"}
            snapshots: {directory: "file:///var/none", every: 10 min}
            predictions: {kafka: {topic: predictions}, format: avro, delivery: at-least-once}
            telemetry: {every: 500 events, kafka: {topic: telemetry}}
            """;

    @TempDir
    Path directory;

    @Test
    void everyFileIsASpecOrAListOfMistakes() throws Exception {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        assertThat(read(good, "good").mistakes()).isEmpty();
        Mutator mutator = new Mutator(SEED);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            byte[] bad = i % 5_000 == 0 ? mutator.inflated(good, 10 << 20) : mutator.damaged(good);
            Reading<JobSpec> reading = read(bad, "seed " + SEED + ", file " + i);
            refused += reading.mistakes().isEmpty() ? 0 : 1;
            if (reading.mistakes().isEmpty()) {
                assertThat(JobFile.FORMAT.print(reading.orThrow())).contains("source:");
            }
        }
        assertThat(refused).isGreaterThan(FILES / 2);
    }

    @Test
    void scalarsOfTenMegabytes() throws Exception {
        isRefused("name: " + "x".repeat(10 << 20), "the file is longer than 1000000 characters");
    }

    @Test
    void numbersOfManyDigits() throws Exception {
        isRefused(GOOD.replace("parallelism: 2", "parallelism: " + "9".repeat(900_000)), "expected a whole number");
    }

    @Test
    void longUnknownKeys() throws Exception {
        isRefused(GOOD + "k".repeat(900_000) + ": 1\n", "key");
        isRefused(GOOD + "? \"" + "k".repeat(900_000) + "\"\n: 1\n", "unknown key");
    }

    @Test
    void manyUnknownKeys() throws Exception {
        StringBuilder keys = new StringBuilder(GOOD);
        for (int i = 0; i < 40_000; i++) {
            keys.append('k').append(i).append(": 1\n");
        }
        isRefused(keys.toString(), "unknown key");
    }

    @Test
    void aliasesThatUnfold() throws Exception {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x]\n");
        for (int i = 1; i < 25; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
        }
        isRefused(laughs.toString(), "it unfolds to over 100000 values");
        String long900k = "&long \"" + "$".repeat(500_000) + "\"";
        isRefused(GOOD.replace("[DOWN, UP]", "[" + long900k + ", *long".repeat(60_000) + "]"), "unfold");
        isRefused("? &long \"" + "y".repeat(500_000) + "\"\n: 1\n" + "? *long\n: 1\n".repeat(40_000), "unfold");
        isRefused("&a [*a]", "");
    }

    @Test
    void depth() throws Exception {
        for (String deep : List.of("[", "{a: ", "- ", "? ", "[{", "- ? ", "? - ")) {
            isRefused("name: x\nlabel: \n " + deep.repeat(200_000), "");
        }
    }

    @Test
    void serverLists() throws Exception {
        String servers = "h:1,".repeat(100_000);
        isRefused(GOOD.replace("localhost:9092", servers), "must be host:port");
        isRefused(GOOD.replace("localhost:9092", "h:1".repeat(100_000)), "h:1h:1");
        assertThat(read(bytes(GOOD.replace("localhost:9092", servers + "h:1")), "many servers")
                        .mistakes())
                .isEmpty();
    }

    @Test
    void tagsMakeNothing() throws Exception {
        String trap = SnapshotFuzzIT.Trap.class.getName();
        for (String tagged :
                List.of("!!" + trap + " {}", "!!" + trap + " []", "!!" + trap + " x", "!<" + trap + "> {}")) {
            read(bytes(GOOD.replace("name: electricity", "name: " + tagged)), tagged);
            read(bytes(tagged + "\n" + GOOD), tagged);
        }
        assertThat(SnapshotFuzzIT.Trap.SPRUNG).isFalse();
    }

    private void isRefused(String yaml, String words) throws Exception {
        assertThat(read(bytes(yaml), yaml.substring(0, Math.min(80, yaml.length())))
                        .mistakes())
                .isNotEmpty()
                .anySatisfy(mistake -> assertThat(mistake.message()).contains(words));
    }

    private Reading<JobSpec> read(byte[] yaml, String name) throws Exception {
        Path file = Files.write(directory.resolve("job.yaml"), yaml);
        Reading<JobSpec> reading = METER.within(yaml.length, name, () -> JobFile.read(file));
        assertThat(reading.mistakes()).as(name).hasSizeLessThanOrEqualTo(101);
        for (Mistake mistake : reading.mistakes()) {
            assertThat(mistake.path().length() + mistake.message().length())
                    .as(name)
                    .isLessThan(3_000);
            assertThat(mistake.path() + mistake.message()).as(name).doesNotContain("\n");
        }
        return reading;
    }

    private static byte[] bytes(String yaml) throws IOException {
        return yaml.getBytes(StandardCharsets.UTF_8);
    }
}
