package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page of a demo whose stream drifts twice. */
class LivePageIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EVENTS = 40_000;
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken into'\">";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> POINT = Map.of( // of the page, and where telemetry has it
            "/at", "/at",
            "/events", "/overall/predictions",
            "/score", "/faded/accuracy",
            "/noChange", "/faded/baselines/noChange/accuracy",
            "/majority", "/faded/baselines/majorityClass/accuracy",
            "/loss", "/faded/logLoss",
            "/p50", "/window/latencyP50Millis",
            "/p99", "/window/latencyP99Millis",
            "/drifts", "/overall/drifts");

    @TempDir
    private Path directory;

    @Test
    void showsADemoWithDriftAsItsTelemetryTellsIt() throws Exception {
        try (Browser browser = Browser.open();
                CommandLine demo = CommandLine.millrace(
                        directory, "demo", "--events", "" + EVENTS, "--rate", "4000", "--keys", "50", "--keep")) {
            demo.awaitText("see it learn at ", PATIENCE);
            String servers = said(demo, "Kafka is at ([^,]+),");
            browser.look("light", 1280, 900);
            browser.show(URI.create(said(demo, "see it learn at (\\S+)")));
            browser.await("document.querySelector('#state').dataset.state === 'learning'");
            browser.picture("live-begun");

            sendHostileRecord(servers);
            browser.await("telemetry && telemetry.overall.predictions === " + EVENTS
                    + " && telemetry.overall.deadLetters === 1");
            browser.await("document.querySelectorAll('#dead-letters tbody tr').length === 1");
            browser.await("document.querySelector('#predictions tbody').textContent.includes('payment-000"
                    + (EVENTS - 1) + "')");
            figuresEqual(browser, telemetry(servers));
            theHostileRecordIsOnlyText(browser);
            looksWellOnEveryDevice(browser);

            Object before = browser.ask("return JSON.stringify(points)");
            browser.ask("location.reload()");
            browser.await("document.readyState === 'complete' && telemetry !== null");
            assertThat(browser.ask("return JSON.stringify(points)")).isEqualTo(before);

            demo.interrupt();
            browser.await("document.querySelector('#state').dataset.state === 'ended'");
            assertThat(browser.ask("return document.querySelector('#ending').textContent"))
                    .isEqualTo("The job has ended. These are its last figures.");
            browser.picture("live-ended");
            browser.requireAccessible("ended");
            browser.requireNoComplaints();
        }
    }

    private static String said(CommandLine demo, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(demo.err());
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static void sendHostileRecord(String servers) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("payments", HOSTILE.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static List<JsonNode> telemetry(String servers) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : new Topic(servers, "telemetry").committed()) {
            records.add(JSON.readTree(record.value()));
        }
        return records;
    }

    /** Every figure that can be read on the page, and every point of its curves, is one that the job wrote to Kafka. */
    private static void figuresEqual(Browser browser, List<JsonNode> written) throws IOException {
        JsonNode page = JSON.readTree((String) browser.ask("""
                const read = [...document.querySelectorAll('[data-figure]')].filter(each => each.offsetParent !== null)
                  .map(each => [each.dataset.figure, each.dataset.format, each.textContent]);
                return JSON.stringify({at: document.querySelector('#figures').dataset.at, read, points});
                """));
        JsonNode last = written.get(written.size() - 1);
        assertThat(page.get("at").asLong()).isEqualTo(last.get("at").asLong());
        assertThat(page.get("read")).hasSizeGreaterThan(50);
        for (JsonNode read : page.get("read")) {
            JsonNode figure = last.at("/" + read.get(0).asText().replace('.', '/'));
            assertShows(read.get(0).asText(), read.get(2).asText(), read.get(1).asText(), figure.asDouble(Double.NaN));
        }
        assertThat(page.get("points")).hasSizeGreaterThan(10);
        for (JsonNode point : page.get("points")) {
            assertThat(written)
                    .as("%s is in the telemetry", point)
                    .anyMatch(record -> POINT.entrySet().stream()
                            .allMatch(each -> number(record.at(each.getValue())) == number(point.at(each.getKey()))));
        }
    }

    private static double number(JsonNode node) {
        return node.asDouble(Double.POSITIVE_INFINITY);
    }

    private static void assertShows(String name, String text, String format, double figure) {
        if (Double.isNaN(figure)) {
            assertThat(text).as(name).isEqualTo("–");
            return;
        }
        double read = Double.parseDouble(text.replace(",", ""));
        double rounding = switch (format) {
            case "count" -> 0;
            case "score" -> 0.000051;
            case "millis" -> figure < 10 ? 0.051 : 0.51;
            default -> throw new AssertionError("an unknown format of " + name + ": " + format);
        };
        assertThat(read).as(name).isCloseTo(figure, within(rounding));
    }

    private static void theHostileRecordIsOnlyText(Browser browser) {
        assertThat(browser.ask("return document.querySelector('#dead-letters').textContent")
                        .toString())
                .contains(HOSTILE);
        assertThat(browser.ask("return document.querySelectorAll('main img').length"))
                .isEqualTo(0L);
        assertThat(browser.ask("return document.title")).isEqualTo("payments · Millrace");
    }

    private static void looksWellOnEveryDevice(Browser browser) throws IOException {
        look(browser, "light", 1280, 900, "live-light");
        look(browser, "dark", 1280, 900, "live-dark");
        look(browser, "light", 390, 844, "live-phone");
        look(browser, "dark", 320, 640, "live-small-phone");
    }

    private static void look(Browser browser, String scheme, int width, int height, String name) throws IOException {
        browser.look(scheme, width, height);
        browser.picture(name);
        browser.requireNoSidewaysScrolling();
        browser.requireAccessible(name);
    }
}
