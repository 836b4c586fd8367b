package io.millrace.jobs.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.connectors.event.Feature;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Target;
import io.millrace.models.snapshot.Manifest;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers over HTTP what the models of a snapshot predict:
 *
 * <ul>
 *   <li>{@code POST /predict}: an event, or an array of them, all answered by one snapshot
 *   <li>{@code GET /model}: which snapshot is served, and what it wants to know of an event
 *   <li>{@code GET /health}, {@code GET /ready}: whether the process lives, and whether it can answer
 *   <li>{@code GET /metrics}: counts and latencies, for Prometheus
 * </ul>
 *
 * <p>A request that fails gets a JSON object with an {@code error}. At most {@code threads} requests run, {@code
 * waiting} wait, and a request may have 4 MiB and 100,000 events.
 */
public final class PredictionServer implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionServer.class);
    private static final int LARGEST_REQUEST = 4 << 20;
    private static final int BACKLOG = 1024;
    private static final int GRACE_SECONDS = 10;

    static {
        // Read once, when the JDK's server is loaded. Without the first, an answer can wait 40 ms for the client's
        // acknowledgement; the times, in seconds, end requests whose client sends or reads too slowly.
        Map.of(
                        "sun.net.httpserver.nodelay", "true",
                        "sun.net.httpserver.maxReqTime", "30",
                        "sun.net.httpserver.maxRspTime", "30",
                        "sun.net.httpserver.maxIdleConnections", "2000")
                .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    private final Editions editions;
    private final Crowd crowd;
    private final HttpServer http;
    private final ServeMetrics metrics = new ServeMetrics();
    private volatile boolean stopping;

    /**
     * How much is served.
     *
     * @param threads requests that are answered at once, at least 1
     * @param waiting requests that wait for a thread, at least 1
     * @param strangers whether keys without a model are answered, as the job would
     */
    public record Terms(int threads, int waiting, boolean strangers) {
        public Terms {
            if (threads < 1 || waiting < 1) {
                throw new IllegalArgumentException("threads=" + threads + " and waiting=" + waiting + " must be >= 1");
            }
        }
    }

    /**
     * Starts to answer.
     *
     * @param directory of snapshots, or one snapshot
     * @param address where to listen; port 0 takes a free one
     * @param notes is told in words of every snapshot that is served, or cannot be
     * @throws IllegalArgumentException if the newest snapshot cannot be used
     * @throws IOException if the address cannot be had
     */
    public PredictionServer(Path directory, InetSocketAddress address, Terms terms, Consumer<String> notes)
            throws IOException {
        editions = new Editions(directory, terms.strangers, notes);
        crowd = new Crowd(terms.threads, terms.waiting);
        try {
            http = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            editions.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        http.setExecutor(crowd);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        long began = System.nanoTime();
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Reply reply = reply(path, exchange);
            if (stopping) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            reply.send(exchange);
            if (path.equals("/predict")) {
                metrics.replied(reply.status(), System.nanoTime() - began);
            }
        }
    }

    private Reply reply(String path, HttpExchange exchange) throws IOException {
        String wanted = path.equals("/predict") ? "POST" : "GET";
        if (!List.of("/predict", "/model", "/health", "/ready", "/metrics").contains(path)) {
            return Reply.error(
                    404, "there is no " + path + "; POST /predict, or GET /model, /health, /ready or /metrics");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals(wanted) && !(wanted.equals("GET") && method.equals("HEAD"))) {
            exchange.getResponseHeaders().set("Allow", wanted);
            return Reply.error(405, path + " takes " + wanted + ", not " + method);
        }
        return switch (path) {
            case "/health" -> Reply.json(200, out -> out.writeString("alive"));
            case "/metrics" -> Reply.text("text/plain; version=0.0.4", metrics());
            case "/predict" -> predict(exchange);
            default -> model(path.equals("/ready"));
        };
    }

    private Reply predict(HttpExchange exchange) throws IOException {
        if (Crowd.full()) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            return Reply.error(503, "too many requests are waiting");
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST + 1);
        if (body.length > LARGEST_REQUEST) {
            exchange.getResponseHeaders().set("Connection", "close");
            return Reply.error(413, "the request has more than " + LARGEST_REQUEST + " bytes: ask in several");
        }
        Edition edition = editions.enter();
        if (edition == null) {
            return Reply.error(503, "there is no snapshot yet");
        }
        Predictor predictor = edition.borrow();
        try {
            Question question = Question.of(body);
            List<Answer> answers = predictor.answer(question);
            answers.forEach(answer -> metrics.predicted(answer.model()));
            return Reply.json(200, out -> write(answers, question.several(), edition, out));
        } catch (Refusal e) {
            return Reply.error(e.status(), e.reason());
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "A request could not be answered from {}",
                    edition.snapshot().name(),
                    e);
            return Reply.error(500, "the snapshot cannot be read: " + e.getMessage());
        } finally {
            edition.giveBack(predictor);
            edition.leave();
        }
    }

    private static void write(List<Answer> answers, boolean several, Edition edition, JsonGenerator out)
            throws IOException {
        Target target = edition.spec().label().target();
        if (several) {
            out.writeStartArray();
        }
        for (Answer answer : answers) {
            answer.write(out, target, edition.snapshot().name());
        }
        if (several) {
            out.writeEndArray();
        }
    }

    private Reply model(boolean ready) throws IOException {
        Edition edition = editions.enter();
        if (edition == null || (ready && stopping)) {
            return Reply.error(503, edition == null ? "there is no snapshot yet" : "the server is stopping");
        }
        try {
            return Reply.json(200, out -> describe(edition, out));
        } finally {
            edition.leave();
        }
    }

    private static void describe(Edition edition, JsonGenerator out) throws IOException {
        JobSpec spec = edition.spec();
        Manifest manifest = edition.snapshot().manifest();
        out.writeStartObject();
        out.writeStringField("job", spec.name());
        out.writeStringField("snapshot", edition.snapshot().name());
        out.writeNumberField("createdAt", manifest.createdAt());
        out.writeNumberField("models", manifest.models());
        out.writeStringField("key", spec.event().key());
        out.writeArrayFieldStart("features");
        for (Feature feature : spec.features()) {
            for (String name : feature.names()) {
                out.writeString(name);
            }
        }
        out.writeEndArray();
        out.writeArrayFieldStart("classes");
        for (String name : spec.label().target().classes()) {
            out.writeString(name);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private String metrics() throws IOException {
        StringBuilder text = new StringBuilder(metrics.text());
        ServeMetrics.figure(text, "requests_inside", "gauge", "Requests that run or wait.", crowd.inside());
        ServeMetrics.figure(text, "reloads_total", "counter", "Snapshots that replaced another.", editions.reloads());
        ServeMetrics.figure(
                text, "reload_failures_total", "counter", "Looks that met an unusable snapshot.", editions.failures());
        Edition edition = editions.enter();
        if (edition != null) {
            Manifest manifest = edition.snapshot().manifest();
            edition.leave();
            ServeMetrics.figure(text, "models", "gauge", "Models in the snapshot.", manifest.models());
            double created = manifest.createdAt() / 1e3;
            ServeMetrics.figure(text, "snapshot_timestamp_seconds", "gauge", "When the snapshot was taken.", created);
        }
        return text.toString();
    }

    /** Listens no more, answers what has begun, for at most 10 s, and closes the snapshot. */
    @Override
    public void close() throws IOException {
        stopping = true;
        // The JDK's server notices that it is idle when a request ends, and would wait in vain if there is none.
        http.stop(crowd.inside() == 0 ? 0 : GRACE_SECONDS);
        try {
            crowd.finish(GRACE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        editions.close();
    }
}
