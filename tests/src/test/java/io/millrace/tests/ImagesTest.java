package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.millrace.jobs.spec.JobFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalResourceOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files under docker/, held against what they name: there may be no container engine to try them with. */
class ImagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCKER = ROOT.resolve("docker");
    private static final Pattern PINNED = Pattern.compile("[\\w./-]+:v?\\d+\\.\\d+[\\w.-]*");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @Test
    void imagesArePinnedToAVersion() throws IOException {
        List<String> images = new ArrayList<>(lines("Dockerfile", "FROM (\\S+)"));
        images.addAll(lines("Dockerfile.gpu", "FROM (\\S+)"));
        for (String file : List.of("compose.yaml", "kubernetes/millrace.yaml", "kubernetes/gpu.yaml")) {
            images.addAll(lines(file, "image: (\\S+)"));
        }
        assertThat(images).hasSizeGreaterThan(7).allMatch(PINNED.asMatchPredicate(), "name:version");
    }

    @Test
    void imagesRunAsFlinksUserAndTellTheirHealth() throws IOException {
        for (String file : List.of("Dockerfile", "Dockerfile.gpu")) {
            assertThat(lines(file, "USER (\\S+)")).as(file).containsExactly("flink");
            assertThat(lines(file, "(HEALTHCHECK)")).as(file).hasSize(1);
        }
        assertThat(Files.readString(DOCKER.resolve("kubernetes/millrace.yaml"))).contains("runAsNonRoot: true");
    }

    @Test
    void imagesCopyTheDistributionThatThisBuildMakes() throws IOException {
        String version = lines("../pom.xml", "<version>(\\d[^<]*)</version>").get(0);
        for (String file : List.of("Dockerfile", "Dockerfile.gpu")) {
            assertThat(lines(file, "ARG VERSION=(\\S+)")).as(file).containsExactly(version);
            assertThat(lines(file, "COPY --chown=flink:flink (\\S+)"))
                    .as(file)
                    .containsExactly("jobs/target/millrace-${VERSION}/");
        }
        String layout = Files.readString(ROOT.resolve("jobs/src/distribution/distribution.xml"));
        for (String used : List.of("lib/djl", "conf", "millrace-job.jar", "${project.basedir}/../millrace")) {
            assertThat(layout).contains(used);
        }
    }

    @Test
    void everyFileThatComposeMountsExists() throws IOException {
        List<String> mounts = lines("compose.yaml", "- (\\./[^:]+):");
        assertThat(mounts)
                .hasSizeGreaterThan(3)
                .allSatisfy(mount -> assertThat(DOCKER.resolve(mount)).exists());
        assertThat(lines("compose.yaml", "/jobs/(payments\\.\\w+)"))
                .allSatisfy(
                        file -> assertThat(DOCKER.resolve("jobs").resolve(file)).exists());
    }

    @Test
    void jobsHoldNoMistakes() throws IOException {
        assertThat(JobFile.read(DOCKER.resolve("jobs/payments.yaml")).mistakes())
                .isEmpty();
        Map<?, ?> configMap = (Map<?, ?>) documents("kubernetes/millrace.yaml").get(0);
        Object job = ((Map<?, ?>) Objects.requireNonNull(configMap.get("data"))).get("job.yaml");
        Path file = Files.writeString(directory.resolve("job.yaml"), String.valueOf(job));
        assertThat(JobFile.read(file).mistakes()).isEmpty();
    }

    @Test
    void flinkKnowsEveryOption() throws Exception {
        Set<String> used = new TreeSet<>();
        flatten("", Objects.requireNonNull(document(ROOT.resolve("jobs/src/distribution/conf/config.yaml"))), used);
        for (String file : List.of("kubernetes/millrace.yaml", "kubernetes/gpu.yaml")) {
            for (Object document : documents(file)) {
                if (((Map<?, ?>) document).get("spec") instanceof Map<?, ?> spec) {
                    flatten("", Objects.requireNonNull(spec.get("flinkConfiguration")), used);
                }
            }
        }
        used.addAll(lines("compose.yaml", "^ +((?:execution|state|taskmanager|jobmanager)\\.[\\w.-]+):"));
        used.removeIf(key -> key.startsWith("metrics.reporter.prom.") || key.startsWith("external-resource.gpu."));
        assertThat(options()).containsAll(used);
    }

    @Test
    void kubernetesAndTheOperatorKnowEveryField() throws IOException {
        List<Object> documents = documents("kubernetes/millrace.yaml");
        documents.forEach(document -> assertThat(faults(document)).isEmpty());
        Object withGpu =
                merged(documents.get(1), documents("kubernetes/gpu.yaml").get(0));
        assertThat(faults(withGpu)).isEmpty();
        Object misspelt = merged(withGpu, Map.of("spec", Map.of("serviceAcount", "flink")));
        assertThat(faults(misspelt)).anyMatch(fault -> fault.contains("serviceAcount"));
    }

    @Test
    void everyVolumeThatIsMountedIsThere() throws IOException {
        JsonNode pod = new ObjectMapper()
                .<JsonNode>valueToTree(documents("kubernetes/millrace.yaml").get(1))
                .at("/spec/podTemplate/spec");
        List<String> mounted = pod.at("/containers/0/volumeMounts").findValuesAsText("name");
        assertThat(mounted).isNotEmpty().isSubsetOf(names(pod.path("volumes")));
        assertThat(lines("kubernetes/millrace.yaml", "args: \\[\"(/jobs)/job.yaml\"\\]"))
                .isSubsetOf(pod.at("/containers/0/volumeMounts").findValuesAsText("mountPath"));
    }

    private static List<String> names(JsonNode items) {
        List<String> names = new ArrayList<>();
        items.forEach(item -> names.add(item.path("name").asText()));
        return names;
    }

    /** What is wrong with a manifest, by the fields that Kubernetes and the operator have. */
    private static List<String> faults(Object manifest) {
        try (InputStream schema = ImagesTest.class.getResourceAsStream("/kubernetes/manifests.schema.json")) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(schema)
                    .validate(new ObjectMapper().valueToTree(manifest))
                    .stream()
                    .map(ValidationMessage::getMessage)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document with what another adds or changes. */
    private static Object merged(Object document, Object other) {
        if (!(document instanceof Map<?, ?> map && other instanceof Map<?, ?> changes)) {
            return other;
        }
        Map<Object, Object> all = new LinkedHashMap<>(map);
        changes.forEach((key, value) -> all.put(key, all.containsKey(key) ? merged(all.get(key), value) : value));
        return all;
    }

    @Test
    void dockerReadsTheComposeFileWhereItIsInstalled() throws Exception {
        assumeTrue(docker("version").exitCode(PATIENCE) == 0, "docker compose is not installed");
        try (CommandLine config = docker("-f", DOCKER.resolve("compose.yaml").toString(), "config", "--quiet")) {
            assertThat(config.exitCode(PATIENCE)).as(config.err()).isZero();
        }
    }

    private CommandLine docker(String... arguments) throws IOException {
        String all = "docker compose " + String.join(" ", arguments);
        return CommandLine.program(directory, List.of("sh", "-c", all)); // which says so if there is no docker
    }

    @Test
    void theOperatorStartsAClassOfTheJobJar() throws Exception {
        String name = lines("kubernetes/millrace.yaml", "entryClass: (\\S+)").get(0);
        assertThat(Class.forName(name).getMethod("main", String[].class)).isNotNull();
        assertThat(lines("../jobs/pom.xml", "<mainClass>(\\S+)</mainClass>")).contains(name);
        assertThat(lines("kubernetes/millrace.yaml", "jarURI: local:///opt/millrace/(\\S+)"))
                .containsExactly("millrace-job.jar");
    }

    @Test
    void prometheusScrapesThePortOfTheReporter() throws IOException {
        String range = lines("../jobs/src/distribution/conf/config.yaml", "port: (\\d+)-")
                .get(0);
        assertThat(lines("prometheus/prometheus.yaml", "port: (\\d+)")).containsExactly(range);
        assertThat(lines("kubernetes/millrace.yaml", "containerPort: (\\d+)")).containsExactly(range);
    }

    private static List<String> lines(String file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(DOCKER.resolve(file)))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static Object document(Path file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static List<Object> documents(String file) throws IOException {
        Iterable<Object> all =
                new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(DOCKER.resolve(file)));
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    private static void flatten(String prefix, Object node, Set<String> keys) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> flatten(prefix.isEmpty() ? key + "" : prefix + "." + key, value, keys));
        } else {
            keys.add(prefix);
        }
    }

    private static Set<String> options() throws ClassNotFoundException {
        Set<String> keys = new HashSet<>();
        Stream.of(
                        CheckpointingOptions.class,
                        CoreOptions.class,
                        ExternalResourceOptions.class,
                        HeartbeatManagerOptions.class,
                        HighAvailabilityOptions.class,
                        JobManagerOptions.class,
                        MetricOptions.class,
                        TaskManagerOptions.class,
                        Class.forName("org.apache.flink.state.rocksdb.RocksDBConfigurableOptions")) // there at run time
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class)
                .forEach(field -> {
                    try {
                        keys.add(((ConfigOption<?>) field.get(null)).key());
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                });
        return keys;
    }
}
