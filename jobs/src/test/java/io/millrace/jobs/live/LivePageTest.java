package io.millrace.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.jobs.demo.Drift;
import io.millrace.jobs.run.TelemetryView;
import io.millrace.models.Target;
import io.millrace.models.metrics.Scorer;
import io.millrace.models.metrics.Tally;
import io.millrace.operators.Telemetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LivePageTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An event of the stream. */
    private record News(String name, JsonNode content) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final Scorer scorer = new Scorer(new Target.Classes(List.of("no", "yes")));
    private Tally overall = Tally.NONE;
    private LivePage page;

    @BeforeEach
    void open() throws IOException {
        About job = new About("weather", "name: weather\n", 100L, List.of(new Drift("storm", 50, 60)), "out", null);
        page = LivePage.open(new InetSocketAddress(LOOPBACK, 0), job);
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void servesAPageThatNeedsNothingFromElsewhere() throws Exception {
        HttpResponse<String> html = get("");

        assertThat(html.statusCode()).isEqualTo(200);
        assertThat(html.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe", "http");
        assertThat(html.body())
                .doesNotContain("http:", "https:", "style=", "onclick")
                .contains("<html lang=\"en\">");
        for (String part : List.of("page.js", "page.css", "base.css", "chart.js", "icon.svg")) {
            assertThat(html.body()).contains('"' + part + '"');
            assertThat(get(part).statusCode()).as(part).isEqualTo(200);
        }
        assertThat(get("chart.js").body()).contains("Chart.js v");
    }

    @Test
    void refusesOtherPathsMethodsAndNames() throws Exception {
        assertThat(get("../page.html").statusCode()).isEqualTo(404);
        assertThat(get("secrets").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(page.uri())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(client.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
        assertThat(statusFor("evil.example")).contains(" 421 ");
        assertThat(statusFor("127.0.0.1.evil.example:80")).contains(" 421 ");
        assertThat(statusFor("localhost:80")).contains(" 200 ");
        assertThat(statusFor("[::1]:80")).contains(" 200 ");
    }

    @Test
    void tellsWhateverComesLateTheWholeCourse() throws Exception {
        List<TelemetryView> told = new ArrayList<>();
        for (int window = 1; window <= 20; window++) {
            told.add(TelemetryView.of(telemetry(window)));
            page.add(told.get(told.size() - 1));
        }
        page.predictions(List.of((ObjectNode) JSON.readTree("{\"key\": \"<b>\"}")));
        List<News> first = news(4);
        List<News> second = news(4); // another page, or the same after its connection was lost

        assertThat(second).isEqualTo(first);
        assertThat(first).extracting(News::name).containsExactly("job", "course", "telemetry", "predictions");
        assertThat(first.get(0).content.get("drifts").get(0).get("name").asText())
                .isEqualTo("storm");
        JsonNode points = first.get(1).content.get("points");
        assertThat(points).hasSize(20);
        for (int i = 0; i < 20; i++) {
            TelemetryView each = told.get(i);
            assertThat(points.get(i).get("events").asLong())
                    .isEqualTo(each.overall().predictions());
            assertThat(points.get(i).get("score").asDouble())
                    .isEqualTo(each.faded().accuracy());
            assertThat(points.get(i).get("loss").asDouble())
                    .isEqualTo(each.faded().logLoss());
        }
        assertThat(first.get(2).content).isEqualTo(JSON.readTree(JSON.writeValueAsString(told.get(19))));
    }

    @Test
    void showsTheLastTelemetryAndThenEnds() throws Exception {
        page.accept(telemetry(1));
        Telemetry last = telemetry(2);
        page.accept(last);
        page.end("The job was stopped.");
        page.end("This is not heard.");
        List<News> all = news(100); // until the stream ends

        assertThat(all.get(all.size() - 1))
                .isEqualTo(new News("end", JSON.readTree("{\"how\": \"The job was stopped.\"}")));
        assertThat(all.get(all.size() - 2).content)
                .isEqualTo(JSON.readTree(JSON.writeValueAsString(TelemetryView.of(last))));
    }

    @Test
    void saysWhyItCannotBeServed() {
        InetSocketAddress taken = new InetSocketAddress(LOOPBACK, page.uri().getPort());

        assertThatThrownBy(() -> LivePage.open(taken, new About("other", "", null, List.of(), null, null)))
                .isInstanceOf(IOException.class)
                .hasMessage("no page can be served at 127.0.0.1:" + taken.getPort() + ": Address already in use");
    }

    private Telemetry telemetry(int window) {
        for (int i = 0; i < 10; i++) {
            float right = i < window % 10 ? 0.9f : 0.2f;
            scorer.score(new float[] {1 - right, right}, new float[] {1}, i % 2);
        }
        Tally tally = scorer.tally();
        overall = overall.plus(tally);
        return new Telemetry(1000L * window, tally, overall.sums(), tally.sums(), overall);
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(page.uri() + path)).build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** The first line of the answer to someone who calls the server by a name. */
    private String statusFor(String host) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, page.uri().getPort())) {
            String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    /** The first events of the stream, or all if it ends before. */
    private List<News> news(int most) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(page.uri() + "news")).build();
        List<News> news = new ArrayList<>();
        try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
            String name = "";
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    news.add(new News(name, JSON.readTree(line.substring("data: ".length()))));
                }
                if (news.size() == most) {
                    break;
                }
            }
        }
        return news;
    }
}
