package io.millrace.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.serve.PredictionServer;
import io.millrace.jobs.spec.JobFile;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.program.Range.Section;
import io.millrace.state.SnapshotWriter;
import io.millrace.state.records.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A job's snapshots, made by hand, and a server of them. */
final class Served implements AutoCloseable {
    /** A job whose events have the format that is filled in. */
    static final String JOB = """
            name: payments
            source:
              kafka: {bootstrap-servers: "localhost:9092", topic: payments}
              format: %s
            event: {id: id, key: card, time: at, weight: weight}
            label: {field: fraud, classes: [genuine, fraud]}
            features:
              - numeric: [amount, distance]
              - categorical: {field: country, buckets: 8, dimension: 2}
            model: {layers: [standardize, {dense: 4}, tanh], optimizer: {sgd: 0.1}}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> notes = new CopyOnWriteArrayList<>();
    final JobSpec spec;
    final Program program;
    private final Path directory;
    private final SnapshotWriter writer;
    private final HttpClient client = HttpClient.newHttpClient();
    private PredictionServer server;

    /** A job that reads JSON. */
    Served(Path directory) throws IOException {
        this(directory, JOB.formatted("json"));
    }

    Served(Path directory, String job) throws IOException {
        this.directory = directory;
        spec = JobFile.FORMAT.read(job, "job.yaml").orThrow();
        program = spec.model().compile(JobGraph.reader(spec).problem());
        writer = new SnapshotWriter(directory.toUri().toString(), spec.name(), program.layout(), job);
    }

    /** Starts the server, with room for many requests. */
    Served start() throws IOException {
        return start(new PredictionServer.Terms(4, 64, true));
    }

    Served start(PredictionServer.Terms terms) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new PredictionServer(directory, free, terms, notes::add);
        return this;
    }

    /** A key's row in a snapshot: parameters, statistics and number of updates follow from key and number. */
    float[] row(String key, int snapshot) {
        float[] row = program.initialRow(key);
        Random random = new Random(31L * snapshot + key.hashCode());
        int end = program.layout().start(Section.COUNTERS);
        for (int i = 0; i < end; i++) {
            row[i] = 0.1f + random.nextFloat();
        }
        for (int i = 0; i < 10 * snapshot + 1; i++) {
            program.countUpdate(row);
        }
        return row;
    }

    /** Takes the snapshot of a number; a later one is newer. Returns its name. */
    String snapshot(int number, List<String> keys) throws Exception {
        writer.writePart(number, number * 1_000L, 0, keys, key -> row(key, number));
        return writer.complete(number, number * 1_000L, 1).orElseThrow().getName();
    }

    /** What a row says: a probability per class. */
    float[] scores(float[] row, float... features) {
        Outcome outcome = new Outcome(program.problem().target().scores());
        new JvmExecutor(program).step(row, features, new float[0], 1, false, outcome);
        return outcome.scores;
    }

    /** The features of an event as the job reads it: numbers, then the bucket of the country. */
    float[] features(String event) {
        byte[] json = event.getBytes(StandardCharsets.UTF_8);
        return JobGraph.reader(spec)
                .read(null, json, new Origin("events", 0, 0, 0))
                .sample()
                .features();
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> ask(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/predict"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    JsonNode answer(String body) throws Exception {
        return JSON.readTree(ask(body).body());
    }

    /** A connection on which a request can be sent piece by piece. */
    Socket connect() throws IOException {
        return new Socket(server.address().getAddress(), server.address().getPort());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
