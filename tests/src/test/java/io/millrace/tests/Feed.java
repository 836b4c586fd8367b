package io.millrace.tests;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends readings in order and at a steady pace, on a thread of its own, but no more of them than it is allowed to. */
final class Feed {
    private static final int CHUNKS_A_SECOND = 4;

    private final Topic topic;
    private final List<Reading> readings;
    private final int chunk;
    private final CompletableFuture<Void> sent;
    private volatile int allowed;

    /**
     * @param perSecond how many readings, at most
     */
    Feed(Topic topic, List<Reading> readings, int perSecond) {
        this.topic = topic;
        this.readings = readings;
        this.chunk = Math.max(1, perSecond / CHUNKS_A_SECOND);
        this.sent = CompletableFuture.runAsync(this::send);
    }

    private void send() {
        try {
            for (int next = 0; next < readings.size(); ) {
                int end = Math.min(next + chunk, allowed);
                if (end > next) {
                    topic.send(readings.subList(next, end));
                    next = end;
                }
                Thread.sleep(1000 / CHUNKS_A_SECOND);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the feed broke off", e);
        }
    }

    /** Allows it to send the given share of the readings, in [0, 1]. */
    void allow(double share) {
        allowed = (int) (share * readings.size());
    }

    /** Waits until all is sent. */
    void await() {
        allow(1);
        sent.join();
    }
}
