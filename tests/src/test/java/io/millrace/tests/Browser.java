package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, if it is installed on this machine: nothing is downloaded. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE); // it warns of protocol versions that are of no concern here
    }

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; the test is skipped, and says so, if there is no Chromium or no driver for it. */
    static Browser open() {
        Optional<File> chromium = program("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = program("chromedriver");
        assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "skipped: pages are looked at in Chromium, and chromium and chromedriver are not installed");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(driver);
    }

    private static Optional<File> program(String... names) {
        List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    void show(URI page) {
        driver.get(page.toString());
    }

    /** What a piece of JavaScript returns. */
    Object ask(String script) {
        return driver.executeScript(script);
    }

    /** Waits until an expression of JavaScript is true. */
    void await(String expression) {
        driver.executeAsyncScript("const done = arguments[0];" + "const look = () => (" + expression
                + ") ? done() : setTimeout(look, 100); look();");
    }

    /** Looks at the page as someone with such a device does. */
    void look(String scheme, int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done));");
    }

    /** Keeps a picture of the whole page in target/pages. */
    void picture(String name) throws IOException {
        Map<String, Object> png =
                driver.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), Base64.getDecoder().decode(Objects.toString(png.get("data"))));
    }

    /** Fails on serious and critical faults of accessibility, as axe-core finds them. */
    void requireAccessible(String as) throws IOException {
        try (InputStream axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object faults = driver.executeAsyncScript(
                "const done = arguments[0];"
                        + "axe.run().then(found => done(found.violations"
                        + "  .filter(each => each.impact === 'serious' || each.impact === 'critical')"
                        + "  .map(each => each.id + ': ' + each.help + ': ' + each.nodes.map(node => node.html).join(' | '))));");
        assertThat((List<?>) faults).as("faults of accessibility, %s", as).isEmpty();
    }

    /** Fails if the page is wider than the device, so that one would have to scroll sideways. */
    void requireNoSidewaysScrolling() {
        assertThat(ask("return document.documentElement.scrollWidth <= innerWidth"))
                .as("fits into the width")
                .isEqualTo(true);
    }

    /** Fails if the browser complained of anything: a script's error, or something that the page's policy forbids. */
    void requireNoComplaints() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
