package io.millrace.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.serve.PredictionServer.Terms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve}, against the executor on the rows that the snapshots were made of. */
@Timeout(60)
class ServeTest {
    private static final int SNAPSHOTS = 6;
    private static final List<String> KEYS =
            IntStream.range(0, 50).mapToObj(i -> "card-" + i).toList();
    private static final String EVENT =
            "{\"card\": \"%s\", \"amount\": %s, \"distance\": 2, \"country\": \"DE\", \"at\": 5}";
    private static final Terms ROOM_FOR_ONE = new Terms(1, 1, true);

    @TempDir
    private Path directory;

    @Test
    void everyAnswerIsThatOfTheSnapshotItNamesWhileSnapshotsReplaceEachOther() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            served.start();
            List<Future<Set<Integer>>> met = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                met.add(clients.submit(() -> askUntilTheLastSnapshotAnswers(served)));
            }
            for (int number = 2; number <= SNAPSHOTS; number++) {
                String name = served.snapshot(number, KEYS);
                awaitNote(served, name);
            }
            for (Future<Set<Integer>> each : met) {
                assertThat(each.get()).hasSizeGreaterThan(2);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static Set<Integer> askUntilTheLastSnapshotAnswers(Served served) throws Exception {
        Set<Integer> met = new TreeSet<>();
        for (int turn = 0; !met.contains(SNAPSHOTS); turn++) {
            String key = KEYS.get(turn % KEYS.size());
            String one = EVENT.formatted(key, turn % 7);
            String other = EVENT.formatted("card-3", 5);
            HttpResponse<String> response = served.ask("[" + one + "," + other + "]");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode answers = new ObjectMapper().readTree(response.body());
            int snapshot = snapshot(answers.path(0));
            assertThat(snapshot(answers.path(1))).isEqualTo(snapshot);
            assertAnswer(served, answers.path(0), one, key, served.row(key, snapshot));
            assertAnswer(served, answers.path(1), other, "card-3", served.row("card-3", snapshot));
            met.add(snapshot);
        }
        return met;
    }

    private static int snapshot(JsonNode answer) {
        String name = answer.path("snapshot").asText();
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static void assertAnswer(Served served, JsonNode answer, String event, String key, float[] row) {
        float[] scores = served.scores(row, served.features(event));
        assertThat(answer.path("key").asText()).isEqualTo(key);
        assertThat(answer.path("version").asLong()).isEqualTo(served.program.updates(row));
        assertThat(answer.path("scores").path("genuine").floatValue()).isEqualTo(scores[0]);
        assertThat(answer.path("scores").path("fraud").floatValue()).isEqualTo(scores[1]);
        assertThat(answer.path("prediction").asText()).isEqualTo(scores[1] > scores[0] ? "fraud" : "genuine");
    }

    private static void awaitNote(Served served, String text) {
        while (served.notes.stream().noneMatch(note -> note.contains(text))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void readsAnEventAsTheJobDoesAndDoesNotAskForWhatIsLearnt() throws Exception {
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            served.start();
            String event =
                    "{\"id\": \"p1\", \"card\": \"card-7\", \"amount\": true, \"distance\": null, \"country\": 7,"
                            + " \"at\": \"soon\", \"weight\": -1, \"fraud\": \"perhaps\", \"other\": [1, {}]}";

            JsonNode answer = served.answer(event);

            float[] features = {
                1, Float.NaN, served.features(EVENT.formatted("x", 0).replace("\"DE\"", "7"))[2]
            };
            float[] scores = served.scores(served.row("card-7", 1), features);
            assertThat(answer.path("id").asText()).isEqualTo("p1");
            assertThat(answer.path("scores").path("fraud").floatValue()).isEqualTo(scores[1]);
            assertThat(answer.path("model").asText()).isEqualTo("snapshot");
            assertThat(answer.path("missing")).hasToString("[\"distance\"]");
        }
    }

    @Test
    void readsTextsOfACsvJobAsItsColumns() throws Exception {
        String csv = "{csv: {header: [id, card, at, weight, fraud, amount, distance, country]}}";
        try (Served served = new Served(directory, Served.JOB.formatted(csv))) {
            served.snapshot(1, KEYS);
            served.start();

            JsonNode spelled = served.answer(
                    "{\"card\": \"card-7\", \"amount\": \"3.5\", \"distance\": \"NA\", \"country\": \"2.50\"}");

            JsonNode typed = served.answer("{\"card\": \"card-7\", \"amount\": 3.50, \"country\": 2.50}");
            assertThat(spelled).isEqualTo(typed);
            assertThat(spelled.path("missing")).hasToString("[\"distance\"]");
            JsonNode other = served.answer("{\"card\": \"card-7\", \"amount\": 3.50, \"country\": 2.5}");
            assertThat(other.path("scores")).isNotEqualTo(typed.path("scores"));
        }
    }

    @Test
    void answersNewKeysAsTheJobWouldOrRefusesThem() throws Exception {
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            String event = EVENT.formatted("stranger", 3);
            served.start();
            JsonNode answer = served.answer(event);
            assertAnswer(served, answer, event, "stranger", served.program.initialRow("stranger"));
            assertThat(answer.path("model").asText()).isEqualTo("initial");
        }
        try (Served served = new Served(directory).start(new Terms(1, 1, false))) {
            HttpResponse<String> refused = served.ask(EVENT.formatted("stranger", 3));
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(refused.body()).contains("there is no model of the key \\\"stranger\\\"");
            assertThat(served.ask(EVENT.formatted("card-1", 3)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void beginsNewKeysWithThePrior() throws Exception {
        Path others = directory.resolve("others");
        Path prior;
        try (Served before = new Served(others)) {
            prior = others.resolve(before.snapshot(3, KEYS));
            before.start();
        }
        String state = "state: {prior: {snapshot: \"" + prior + "\", key: card-9}}\n";
        try (Served served = new Served(directory, Served.JOB.formatted("json") + state)) {
            served.snapshot(1, KEYS);
            served.start();
            String event = EVENT.formatted("stranger", 3);

            JsonNode answer = served.answer(event);

            float[] row = served.program.rowFrom(served.row("card-9", 3), "stranger");
            assertAnswer(served, answer, event, "stranger", row);
            assertThat(answer.path("model").asText()).isEqualTo("prior");
        }
        Files.delete(prior.resolve("manifest.json"));
        assertThatThrownBy(() -> new Served(directory).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state.prior.snapshot")
                .hasMessageContaining("--new-keys refuse serves all others");
    }

    /** A snapshot that cannot be used is looked at twice a second. */
    @Test
    void leavesNoFileOpenBehindASnapshotThatCannotBeUsed() throws Exception {
        Path others = directory.resolve("others");
        Path warm = others.resolve(new Served(others).snapshot(3, KEYS));
        String state = "state: {warm-start: \"" + warm + "\"}\n";
        Served served = new Served(directory, Served.JOB.formatted("json") + state);
        Path snapshot = directory.resolve(served.snapshot(1, KEYS));
        Files.write(snapshot.resolve("rows-00000-50.safetensors"), new byte[] {1, 2, 3});

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(served::start).isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(filesOpenIn(directory)).isEmpty();
    }

    private static List<Path> filesOpenIn(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).startsWith(directory)) {
                    open.add(Files.readSymbolicLink(file));
                }
            }
        }
        return open;
    }

    @Test
    void namesWhatIsWrongWithARequest() throws Exception {
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            served.start();
            String good = EVENT.formatted("card-1", 3);
            assertRefused(served, EVENT.formatted("card-1", "\"much\""), 400, "amount=\\\"much\\\" is not a number");
            assertRefused(served, "[" + good + ", {\"amount\": 1}]", 400, "event 1: card is missing");
            assertRefused(served, "[" + good + ", 7]", 400, "event 1: the event is not a JSON object");
            assertRefused(served, "{\"card\": ", 400, "the body is not valid JSON");
            assertRefused(served, good + good, 400, "the body goes on after its JSON");
            assertRefused(served, "", 400, "the body must be an event");
            assertRefused(served, EVENT.formatted("card-1", "3e38"), 422, "too large for the model");
            assertRefused(served, " ".repeat(5 << 20), 413, "more than 4194304 bytes");
            assertThat(served.get("/predict").statusCode()).isEqualTo(405);
            assertThat(served.get("/models").body()).contains("there is no /models; POST /predict");
        }
    }

    private static void assertRefused(Served served, String body, int status, String reason) throws Exception {
        HttpResponse<String> response = served.ask(body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":").contains(reason);
    }

    @Test
    void isReadyWithTheFirstSnapshot() throws Exception {
        try (Served served = new Served(directory).start()) {
            assertThat(served.get("/health").statusCode()).isEqualTo(200);
            assertThat(served.get("/ready").statusCode()).isEqualTo(503);
            assertRefused(served, EVENT.formatted("card-1", 3), 503, "there is no snapshot yet");

            awaitNote(served, served.snapshot(1, KEYS));

            assertThat(served.get("/ready").statusCode()).isEqualTo(200);
            assertThat(served.get("/model").body())
                    .contains("\"features\":[\"amount\",\"distance\",\"country\"]", "\"key\":\"card\"");
            assertThat(served.ask(EVENT.formatted("card-1", 3)).statusCode()).isEqualTo(200);
            assertThat(served.get("/metrics").body())
                    .contains(
                            "millrace_serve_requests_total{status=\"503\"} 1",
                            "millrace_serve_predictions_total{model=\"snapshot\"} 1",
                            "millrace_serve_request_seconds_count 2",
                            "millrace_serve_models 50");
        }
    }

    @Test
    void keepsToTheLastGoodSnapshotUntilANewOneCanBeUsed() throws Exception {
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            served.start();
            Path damaged = Files.createDirectory(directory.resolve("snapshot-20000101T000000.000Z-2"));
            Files.writeString(damaged.resolve("manifest.json"), "{}");
            awaitNote(served, "the newest snapshot cannot be used");

            assertThat(snapshot(served.answer(EVENT.formatted("card-1", 3)))).isEqualTo(1);

            Path good = directory.resolve(served.snapshot(3, KEYS));
            Files.move(good.resolve("rows-00000-50.safetensors"), damaged.resolve("rows-00000-50.safetensors"));
            Files.move(good.resolve("manifest.json"), damaged.resolve("copied"));
            Files.move(
                    damaged.resolve("copied"), damaged.resolve("manifest.json"), StandardCopyOption.REPLACE_EXISTING);
            awaitNote(served, "from snapshot-20000101T000000.000Z-2");
            assertThat(served.notes)
                    .filteredOn(note -> note.contains("cannot be used"))
                    .hasSize(1);
        }
    }

    @Test
    void turnsAwayWhatNeitherRunsNorWaitsAndAnswersWhatDoes() throws Exception {
        try (Served served = new Served(directory)) {
            served.snapshot(1, KEYS);
            served.start(ROOM_FOR_ONE);
            String event = EVENT.formatted("card-1", 3);
            try (Socket running = half(served, event);
                    Socket waiting = half(served, event)) {
                awaitInside(served, "3"); // these two, and the question how many there are

                assertRefused(served, event, 503, "too many requests are waiting");

                assertThat(rest(running, event)).isEqualTo("HTTP/1.1 200 OK");
                assertThat(rest(waiting, event)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void finishesWhatItHasBegun() throws Exception {
        Served served = new Served(directory);
        served.snapshot(1, KEYS);
        served.start();
        String event = EVENT.formatted("card-1", 3);
        ExecutorService closing = Executors.newSingleThreadExecutor();
        try (Socket begun = half(served, event)) {
            awaitInside(served, "2");
            Future<?> closed = closing.submit(() -> {
                served.close();
                return null;
            });
            awaitRefusedConnection(served);

            assertThat(rest(begun, event)).isEqualTo("HTTP/1.1 200 OK");
            closed.get();
        } finally {
            closing.shutdownNow();
        }
    }

    /** Sends a request but for its last character. */
    private static Socket half(Served served, String event) throws IOException {
        Socket socket = served.connect();
        String head = "POST /predict HTTP/1.1\r\nHost: here\r\nContent-Length: " + event.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + event.substring(0, event.length() - 1)).getBytes(UTF_8));
        return socket;
    }

    /** Sends the last character; returns the first line of the answer. */
    private static String rest(Socket socket, String event) throws IOException {
        socket.getOutputStream().write(event.charAt(event.length() - 1));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }

    private static void awaitInside(Served served, String requests) throws Exception {
        while (!served.get("/metrics").body().contains("millrace_serve_requests_inside " + requests)) {
            Thread.onSpinWait();
        }
    }

    private static void awaitRefusedConnection(Served served) {
        try {
            while (true) {
                served.connect().close();
            }
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("refused");
        }
    }
}
