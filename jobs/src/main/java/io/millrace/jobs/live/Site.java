package io.millrace.jobs.live;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A web server for one page and what belongs to it. Answers GET alone, and only to whom calls it by an address or by its
 * own name, so that no other site's page can have its name point here and read along.
 */
final class Site implements AutoCloseable {
    private static final String NO_DELAY = "sun.net.httpserver.nodelay"; // else small answers wait for 40 ms
    private static final String IP_ADDRESS = "[0-9.]+|\\[[0-9a-f:.%]+]";
    private static final int LAST_WORDS_SECONDS = 1;

    /** Answers a request. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(Site::thread);
    private final String host;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Site(HttpServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Starts it.
     *
     * @param address where; port 0 is a free one
     * @param answers by path
     * @throws IOException if the address cannot be used, and why
     */
    static Site open(InetSocketAddress address, Map<String, Answer> answers) throws IOException {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            String name = name(address, address.getHostString()) + ":" + address.getPort();
            throw new IOException("no page can be served at " + name + ": " + e.getMessage(), e);
        }
        Site site = new Site(server, address.getHostString());
        server.setExecutor(site.threads);
        server.createContext("/", exchange -> site.answer(exchange, answers));
        server.start();
        return site;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "millrace-page");
        thread.setDaemon(true);
        return thread;
    }

    /** Where a browser finds it. */
    URI uri() {
        InetSocketAddress bound = server.getAddress();
        String name = bound.getAddress().isAnyLocalAddress() ? "localhost" : name(bound, host);
        return URI.create("http://" + name + ":" + bound.getPort() + "/");
    }

    private static String name(InetSocketAddress address, String called) {
        boolean loopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        String name = loopback ? address.getAddress().getHostAddress() : called;
        return name.contains(":") ? "[" + name + "]" : name;
    }

    private void answer(HttpExchange exchange, Map<String, Answer> answers) throws IOException {
        try (exchange) {
            Answer answer = answers.get(exchange.getRequestURI().getPath());
            Headers headers = exchange.getResponseHeaders();
            headers.set(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("Cache-Control", "no-store");
            if (!mine(exchange.getRequestHeaders().getFirst("Host"))) {
                refuse(exchange, 421);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                headers.set("Allow", "GET");
                refuse(exchange, 405);
            } else if (answer == null) {
                refuse(exchange, 404);
            } else {
                answer.to(exchange);
            }
        }
    }

    private boolean mine(@Nullable String called) {
        String name = called == null ? "" : called.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
        return name.equals("localhost") || name.matches(IP_ADDRESS) || name.equals(host.toLowerCase(Locale.ROOT));
    }

    static void refuse(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    /**
     * Answers with a file of the class path.
     *
     * @throws IllegalStateException if it is not there
     */
    static Answer resource(String name, String type) {
        byte[] content = read(name);
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    private static byte[] read(String name) {
        try (InputStream resource = Site.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("the class path lacks " + name);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
    }

    /** Ends it; answers that are on their way have a moment. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.stop(LAST_WORDS_SECONDS);
            threads.shutdownNow();
        }
    }
}
