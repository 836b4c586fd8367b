package io.millrace.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.run.Limits.Limit;
import io.millrace.jobs.run.Limits.Option;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.jobs.yaml.Mistake;
import io.millrace.jobs.yaml.Reading;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job file allows works, or is refused by name before the job starts: every setting there is, at the least and
 * the greatest that its description allows, in a job that learns, takes a checkpoint, is restored and learns on.
 */
class SettingLimitsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEADER =
            List.of("id", "key", "time", "weight", "a", "b", "kind", "label", "p", "q");
    private static final int EVENTS = 32;

    /** What needs a meaning. */
    private static final Map<String, Object> SAMPLES = Map.ofEntries(
            Map.entry("kafka.bootstrap-servers", "localhost:9092"),
            Map.entry("kafka.topic", "others"),
            Map.entry("label.field", "label"),
            Map.entry("label.fields", List.of("p", "q")),
            Map.entry(
                    "label.classes",
                    IntStream.range(0, 200).mapToObj(Integer::toString).toList()),
            Map.entry("label.label", "1"),
            Map.entry("numeric.fields", List.of("a", "b", "kind")),
            Map.entry("categorical.field", "kind"),
            Map.entry("csv.header", HEADER),
            Map.entry("csv.delimiter", ";"),
            Map.entry("residual.layers", List.of("tanh")),
            Map.entry("concat.layers", List.of("tanh")),
            Map.entry("snapshots.directory", Limits.DIRECTORY),
            Map.entry("prior.snapshot", "none"),
            Map.entry("prior.key", "k1"));

    /** What is tried in place of a greatest value that would take gigabytes. */
    private static final Map<String, Object> GREATEST =
            Map.of("features.categorical.buckets", 1 << 14, "features.categorical.dimension", 1 << 12);

    /** Numbers and durations, which must not be refused where their description allows them. */
    private static final Pattern MEASURED = Pattern.compile(".*=-?\\d[\\d.E-]*(?: (?:ms|s|d|events|KB|GB))?");

    /** The newest values may be half of the window, whose default is 100, and are 30 by default. */
    private static final Pattern NOT_ALONE = Pattern.compile(".*\\.kswin\\.(?:window=4|newest=5000)");

    /** A machine without a GPU refuses it when the job starts. */
    private static final String GPU = "device=gpu";

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> everySettingWorksAtItsLimitsOrIsRefused() {
        return limits().stream().map(limit -> DynamicTest.dynamicTest(limit.name(), () -> worksOrIsRefused(limit)));
    }

    @Test
    void allSettingsAreFound() {
        assertThat(limits())
                .extracting(Limit::name)
                .hasSizeGreaterThan(400)
                .contains("telemetry.keys=0", "telemetry.keys=100", "model.layers.dropout.rate=0.0");
    }

    private static List<Limit> limits() {
        return new Limits(SAMPLES, GREATEST)
                .of(JobSpec.class).stream()
                        .filter(limit -> !limit.name().equals(GPU))
                        .toList();
    }

    private static void worksOrIsRefused(Limit limit) throws Exception {
        List<Mistake> mistakes = new ArrayList<>();
        for (Map<String, Object> job : jobs()) {
            Reading<JobSpec> reading = read(merged(job, limit.written()));
            if (reading.mistakes().isEmpty()) {
                JobSpec spec = reading.orThrow();
                new Trial(spec, directory).run(samples(spec));
                return; // one kind of label is enough
            }
            mistakes.addAll(reading.mistakes());
        }
        if (MEASURED.matcher(limit.name()).matches()
                && !NOT_ALONE.matcher(limit.name()).matches()) {
            assertThat(mistakes).as("a job with %s", limit).isEmpty();
        }
        assertThat(mistakes).allSatisfy(mistake -> {
            assertThat(mistake.path()).isNotEmpty();
            assertThat(mistake.message()).isNotBlank();
        });
    }

    /** A job of each kind of label. */
    private static List<Map<String, Object>> jobs() {
        return List.of(
                job(Map.of("field", "label", "classes", List.of("0", "1"))),
                job(Map.of("field", "label")),
                job(Map.of("fields", List.of("p", "q"))));
    }

    private static Map<String, Object> job(Object label) {
        Map<String, Object> kafka = Map.of("bootstrap-servers", "localhost:9092", "topic", "events");
        return Map.of(
                "source", Map.of("kafka", kafka, "format", new Option("csv", Map.of("header", HEADER))),
                "event", Map.of("id", "id", "key", "key", "time", "time", "weight", "weight"),
                "label", label,
                "features", List.of(new Option("numeric", Map.of("fields", List.of("a", "b")))),
                "snapshots", Map.of("directory", Limits.DIRECTORY, "every", "1 events"));
    }

    private static Object merged(Object below, Object above) {
        if (below instanceof Option one
                && above instanceof Option other
                && one.name().equals(other.name())) {
            return new Option(one.name(), merged(one.settings(), other.settings()));
        }
        if (below instanceof Map<?, ?> one && above instanceof Map<?, ?> other) {
            Map<Object, Object> both = new LinkedHashMap<>(one);
            other.forEach((key, value) -> both.merge(key, value, SettingLimitsTest::merged));
            return both;
        }
        return above;
    }

    private static Reading<JobSpec> read(Object job) throws IOException {
        String fresh = Files.createTempDirectory(directory, "snapshots").toString();
        String text = JSON.writeValueAsString(plain(job)).replace(Limits.DIRECTORY, fresh);
        return JobFile.read(Files.writeString(directory.resolve("job.yaml"), text));
    }

    /** As YAML has it: an option is a mapping of one key. */
    private static Object plain(Object written) {
        if (written instanceof Option option) {
            return Map.of(option.name(), plain(option.settings()));
        }
        if (written instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            map.forEach((key, value) -> plain.put(key, plain(value)));
            return plain;
        }
        return written instanceof List<?> list
                ? list.stream().map(SettingLimitsTest::plain).toList()
                : written;
    }

    /** Events of three keys; now and then one whose label comes with the next record. */
    private static List<Sample> samples(JobSpec spec) {
        EventReader reader = JobGraph.reader(spec);
        Random random = new Random(7);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            byte[] line = line(i, random).getBytes(StandardCharsets.UTF_8);
            Sample sample = reader.read(null, line, new Origin("events", 0, i, 1000L * i))
                    .sample();
            if (sample != null) {
                samples.add(sample);
            }
        }
        return samples;
    }

    private static String line(int event, Random random) {
        float a = random.nextFloat();
        int label = a > 0.5 ? 1 : 0;
        String features = a + "," + 100 * random.nextFloat() + "," + event % 5;
        String labels = label + "," + label + "," + (1 - label);
        int turn = event % 8;
        int named = turn == 7 ? event - 1 : event;
        String fields = turn == 7 ? ",,," + labels : features + (turn == 6 ? ",,," : "," + labels);
        return String.format(Locale.ROOT, "e%d,k%d,%d,%d,%s", named, named % 3, 1000 * event, event % 4, fields);
    }
}
