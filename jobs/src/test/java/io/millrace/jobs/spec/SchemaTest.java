package io.millrace.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The schema accepts what the reader accepts, and no more.
 *
 * <p>Four differences are meant, because JSON Schema has no words for them: it cannot see ranges of durations, the
 * length of a number that is taken as text, texts of specs with a text of their own, and what lies between two keys.
 * The corpus keeps clear of them.
 */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keys whose values the schema cannot judge. */
    private static final List<String> OUT_OF_REACH =
            List.of("every", "max-delay", "out-of-orderness", "classes", "delimiter", "cache", "ttl", "timeout");

    private static final String JOB = """
            name: electricity
            source:
              kafka: {bootstrap-servers: "localhost:9092", topic: events, properties: {acks: all}}
              format: {csv: {header: [a, b, c], delimiter: ";"}}
            event: {id: i, key: a, time: b, out-of-orderness: 1 min}
            label: {field: c, classes: [DOWN, UP]}
            label-join:
              kafka: {topic: labels}
              format: {csv: {header: [x, y], delimiter: ";"}}
              key: k
              id: i
              time: t
              timeout: 7 d
              on-timeout: {label: UP}
              at-most: 100
            features:
              - numeric: [a, b]
              - categorical: {field: d, buckets: 8, dimension: 4}
            model:
              layers: [standardize, {dense: 64}, {dense: {units: 8}}, layer-norm, relu, {dropout: 0.2}, dropout]
              loss: cross-entropy
              optimizer: {adam: {learning-rate: 3e-3}}
              seed: 7
            executor: djl
            device: cpu
            updates: per-batch
            micro-batch: {rows: 128, max-delay: 2 ms}
            parallelism: 2
            checkpoints: {every: 5 s}
            state:
              backend: rocksdb
              cache: 64 MB
              ttl: 30 d
              prior: {snapshot: there, key: everyone}
              warm-start: there
              on-refused-steps: {after: 20, reset-to: snapshot}
              on-layout-change: transfer
            snapshots: {directory: there, every: 10 min}
            predictions: {kafka: {topic: predictions}, format: {avro: {}}, delivery: at-least-once}
            telemetry: {every: 500 events, keys: 0, kafka: {topic: telemetry}}
            dead-letters: {kafka: {topic: dead}}
            """;

    private final JsonSchema schema =
            JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(JobFile.FORMAT.schema());

    @Test
    void acceptsAJobThatUsesEveryKey() {
        assertThat(schema.validate(job())).isEmpty();
        assertThat(JobFile.FORMAT.read(JOB, "job.yaml").mistakes()).isEmpty();
    }

    @Test
    void acceptsWhatIsPrinted() {
        String printed =
                JobFile.FORMAT.print(JobFile.FORMAT.read(JOB, "job.yaml").orThrow());

        assertThat(schema.validate(tree(printed))).isEmpty();
    }

    @Test
    void agreesWithTheReaderOnEverySingleMutation() throws JsonProcessingException {
        int accepted = 0;
        int refused = 0;
        for (JsonNode mutant : mutants(job(), 1)) {
            boolean readable = agreed(mutant);
            accepted += readable ? 1 : 0;
            refused += readable ? 0 : 1;
        }
        assertThat(accepted).isGreaterThan(50);
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void agreesWithTheReaderOnManyMutationsAtOnce() throws JsonProcessingException {
        for (long seed = 1; seed <= 30; seed++) {
            List<JsonNode> mutants = mutants(job(), seed);
            Random random = new Random(seed);
            JsonNode mutant = mutants.get(random.nextInt(mutants.size()));
            List<JsonNode> twice = mutants(mutant, seed);
            for (int i = 0; i < 20; i++) {
                agreed(twice.get(random.nextInt(twice.size())));
            }
        }
    }

    private boolean agreed(JsonNode job) throws JsonProcessingException {
        String text = JSON.writeValueAsString(job);
        List<?> mistakes = JobFile.FORMAT.read(text, "job.yaml").mistakes();
        boolean valid = schema.validate(job).isEmpty();
        assertThat(mistakes.isEmpty())
                .as("%s%nreader: %s%nschema: %s", text, mistakes, valid)
                .isEqualTo(valid);
        return valid;
    }

    /** Copies of a job, each with one value removed, renamed or replaced. */
    private static List<JsonNode> mutants(JsonNode job, long seed) {
        List<JsonNode> mutants = new ArrayList<>();
        Random random = new Random(seed);
        int places = count(job);
        for (int place = 0; place < places; place++) {
            for (String replacement :
                    List.of("-1", "0", "1.5", "1e9", "\"\"", "\"words\"", "[]", "{}", "null", "true")) {
                mutants.add(changed(job, place, at -> at.replace(tree(replacement))));
            }
            mutants.add(changed(job, place, Place::remove));
            mutants.add(changed(job, place, at -> at.rename("unheard-of-" + random.nextInt(9))));
        }
        return mutants;
    }

    private static JsonNode changed(JsonNode job, int place, Consumer<Place> change) {
        JsonNode copy = job.deepCopy();
        List<Place> places = new ArrayList<>();
        collect(copy, places);
        change.accept(places.get(place));
        return copy;
    }

    private static int count(JsonNode job) {
        List<Place> places = new ArrayList<>();
        collect(job, places);
        return places.size();
    }

    private static void collect(JsonNode node, List<Place> places) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                if (!OUT_OF_REACH.contains(name)) {
                    places.add(new Place(object, name, 0));
                    collect(object.get(name), places);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                places.add(new Place(array, "", i));
                collect(array.get(i), places);
            }
        }
    }

    private record Place(JsonNode parent, String name, int index) {
        void replace(JsonNode value) {
            if (parent instanceof ObjectNode object) {
                object.set(name, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }

        void remove() {
            if (parent instanceof ObjectNode object) {
                object.remove(name);
            } else {
                ((ArrayNode) parent).remove(index);
            }
        }

        void rename(String other) {
            if (parent instanceof ObjectNode object) {
                object.set(other, object.remove(name));
            } else {
                ((ArrayNode) parent).insert(index, other);
            }
        }
    }

    private static JsonNode job() {
        return tree(JOB);
    }

    private static JsonNode tree(String yaml) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).build();
        return JSON.valueToTree(new Load(settings).loadFromString(yaml));
    }
}
