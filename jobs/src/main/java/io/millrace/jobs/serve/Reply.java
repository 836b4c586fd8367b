package io.millrace.jobs.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer to one request.
 *
 * @param status HTTP's code
 * @param type its content type
 * @param body not changed any more
 */
record Reply(int status, String type, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Writes one JSON value. */
    @FunctionalInterface
    interface Json {
        void write(JsonGenerator out) throws IOException;
    }

    /** An answer in JSON, with a line's end for those who read it in a terminal. */
    static Reply json(int status, Json value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            value.write(out);
            out.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory there is enough
        }
        return new Reply(status, "application/json", bytes.toByteArray());
    }

    /** An object with one field, {@code error}: what is wrong, in one sentence. */
    static Reply error(int status, String reason) {
        return json(status, out -> {
            out.writeStartObject();
            out.writeStringField("error", reason);
            out.writeEndObject();
        });
    }

    /** An answer in plain text, in UTF-8. */
    static Reply text(String type, String text) {
        return new Reply(200, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends it. */
    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }
}
