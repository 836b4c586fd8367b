package io.millrace.jobs.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.jobs.live.Chronicle.Message;
import io.millrace.jobs.run.TelemetryView;
import io.millrace.operators.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A page that shows a job learning, for browsers on this machine, or wherever it is told to be seen. The page itself is
 * static; what it shows comes as server-sent events, the whole course first, then what is new.
 */
public final class LivePage implements Consumer<Telemetry>, AutoCloseable {
    private static final int MOST_READERS = 50;
    private static final long EVERY_MILLIS = 200;
    private static final long PULSE_MILLIS = 5_000; // an empty line now and then finds out who has gone
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/" + chartsVersion() + "/dist/";
    private static final String TEXT = "; charset=utf-8";

    private final ObjectMapper json = new ObjectMapper();
    private final Chronicle chronicle = new Chronicle();
    private final AtomicReference<Telemetry> unread = new AtomicReference<>();
    private final Semaphore readers = new Semaphore(MOST_READERS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(LivePage::thread);
    private final Site site;

    private LivePage(InetSocketAddress address) throws IOException {
        site = Site.open(
                address,
                Map.of(
                        "/", Site.resource("page.html", "text/html" + TEXT),
                        "/base.css", Site.resource("/io/millrace/jobs/report/base.css", "text/css" + TEXT),
                        "/page.css", Site.resource("page.css", "text/css" + TEXT),
                        "/page.js", Site.resource("page.js", "text/javascript" + TEXT),
                        "/icon.svg", Site.resource("icon.svg", "image/svg+xml"),
                        "/chart.js", Site.resource(CHARTS + "chart.umd.min.js", "text/javascript" + TEXT),
                        "/news", this::stream));
        ScheduledFuture<?> unused =
                clock.scheduleAtFixedRate(this::read, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Serves the page of a job.
     *
     * @param address where; port 0 is a free one
     * @throws IOException if the address cannot be used, and why
     */
    public static LivePage open(InetSocketAddress address, About job) throws IOException {
        LivePage page = new LivePage(address);
        page.chronicle.tell("job", job);
        return page;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "millrace-page-clock");
        thread.setDaemon(true);
        return thread;
    }

    private static String chartsVersion() {
        Properties properties = new Properties();
        String name = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
        try (InputStream resource = LivePage.class.getResourceAsStream(name)) {
            properties.load(resource);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }

    /** Where a browser finds it. */
    public URI uri() {
        return site.uri();
    }

    /** Takes the next telemetry; the job's thread may call it, since it returns at once. */
    @Override
    public void accept(Telemetry telemetry) {
        unread.set(telemetry);
    }

    private synchronized void read() {
        Telemetry telemetry = unread.getAndSet(null);
        if (telemetry != null) {
            add(TelemetryView.of(telemetry));
        }
    }

    /** Takes the next telemetry of a job that runs elsewhere. */
    public void add(TelemetryView telemetry) {
        chronicle.add(telemetry);
    }

    /** Shows the latest predictions, the newest last, as they are written. */
    public void predictions(List<ObjectNode> latest) {
        chronicle.tell("predictions", List.copyOf(latest));
    }

    /** Shows the latest dead letters, the newest last. */
    public void deadLetters(List<ObjectNode> latest) {
        chronicle.tell("deadLetters", List.copyOf(latest));
    }

    /** Tells whoever looks that there will be no more, and in a sentence why; the first word counts. */
    public void end(String how) {
        read();
        chronicle.end(how);
    }

    private void stream(HttpExchange exchange) throws IOException {
        if (!readers.tryAcquire()) {
            Site.refuse(exchange, 503);
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            tell(exchange.getResponseBody(), chronicle.reader());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server ends
        } finally {
            readers.release();
        }
    }

    private void tell(OutputStream out, Chronicle.Reader reader) throws IOException, InterruptedException {
        while (!reader.ended()) {
            List<Message> news = reader.news(PULSE_MILLIS);
            StringBuilder text = new StringBuilder(news.isEmpty() ? ":\n\n" : "");
            for (Message message : news) {
                text.append("event: ").append(message.name()).append("\ndata: ");
                text.append(json.writeValueAsString(message.content())).append("\n\n");
            }
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    /** Tells whoever still looks that the job has ended, and ends. */
    @Override
    public void close() {
        clock.shutdownNow();
        end("The job has ended.");
        site.close();
    }
}
