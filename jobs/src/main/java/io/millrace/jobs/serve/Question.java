package io.millrace.jobs.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is asked in one request.
 *
 * @param events each as the bytes of its JSON object, exactly as they came
 * @param several whether they came as an array, and are answered with one
 */
record Question(List<byte[]> events, boolean several) {
    /** An answer may be a hundred times as long as what is asked. */
    static final int MOST_EVENTS = 100_000;

    /**
     * Reads a request's body: one JSON object, or an array of them.
     *
     * @throws Refusal if it is neither, or asks too much
     */
    static Question of(byte[] body) throws Refusal {
        // a factory of its own: names are data here, and a factory keeps those it meets
        try (JsonParser parser = new JsonFactory().createParser(body)) {
            JsonToken first = parser.nextToken();
            List<byte[]> events;
            if (first == JsonToken.START_OBJECT) {
                events = List.of(object(parser, body));
            } else if (first == JsonToken.START_ARRAY) {
                events = objects(parser, body);
            } else {
                throw new Refusal(400, "the body must be an event as a JSON object, or an array of them");
            }
            if (parser.nextToken() != null) {
                throw new Refusal(400, "the body goes on after its JSON");
            }
            return new Question(events, first == JsonToken.START_ARRAY);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Refusal(400, "the body is not valid JSON: " + e.getMessage());
        }
    }

    private static List<byte[]> objects(JsonParser parser, byte[] body) throws IOException, Refusal {
        List<byte[]> events = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new Refusal(400, "the event is not a JSON object").of(events.size());
            }
            if (events.size() == MOST_EVENTS) {
                throw new Refusal(413, "the request asks about more than " + MOST_EVENTS + " events: ask in several");
            }
            events.add(object(parser, body));
        }
        return events;
    }

    private static byte[] object(JsonParser parser, byte[] body) throws IOException, Refusal {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        if (from < 0) { // the parser found UTF-16 or UTF-32, and counts characters
            throw new Refusal(400, "the body is not in UTF-8");
        }
        parser.skipChildren();
        return Arrays.copyOfRange(body, from, (int) parser.currentLocation().getByteOffset());
    }
}
