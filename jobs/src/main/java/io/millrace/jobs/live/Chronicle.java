package io.millrace.jobs.live;

import io.millrace.jobs.run.TelemetryView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has become known of a job, in bounded room, for any number of pages that come and go. Used by several threads. */
final class Chronicle {
    private static final int MOST_POINTS = 600;
    private static final String TELEMETRY = "telemetry";
    private static final String END = "end";

    /**
     * Something that a page is told.
     *
     * @param name what it is about
     * @param content to be written as JSON; immutable
     */
    record Message(String name, Object content) {}

    /**
     * Points of the curves.
     *
     * @param from how many of the points that the page has stay; the others go
     * @param points come behind them
     */
    record More(int from, List<Point> points) {}

    private record News(Object content, long version) {}

    private final Curve curve = new Curve(MOST_POINTS);
    private final Map<String, News> latest = new LinkedHashMap<>();
    private long version;

    /** Takes the next telemetry. */
    synchronized void add(TelemetryView telemetry) {
        curve.add(Point.of(telemetry));
        tell(TELEMETRY, telemetry);
    }

    /** Says something anew; what was said under this name before is forgotten. */
    synchronized void tell(String name, Object content) {
        latest.put(name, new News(content, ++version));
        notifyAll();
    }

    /** Says the last word, after which there is no more. */
    synchronized void end(String how) {
        if (!latest.containsKey(END)) {
            tell(END, Map.of("how", how));
        }
    }

    /** A page that knows nothing yet. */
    Reader reader() {
        return new Reader();
    }

    /** A page, and what it has been told. Used by one thread. */
    final class Reader {
        private long seen;
        private long generation = -1;
        private int points; // that it has and that will not change

        /**
         * Waits until there is something new.
         *
         * @param patience how long at most, milliseconds
         * @return what is new; empty when the time is up
         */
        List<Message> news(long patience) throws InterruptedException {
            synchronized (Chronicle.this) {
                if (version == seen) {
                    Chronicle.this.wait(patience);
                }
                List<Message> news = new ArrayList<>();
                latest.forEach((name, each) -> {
                    if (each.version > seen) {
                        if (name.equals(TELEMETRY)) {
                            news.add(new Message("course", more()));
                        }
                        news.add(new Message(name, each.content));
                    }
                });
                seen = version;
                return news;
            }
        }

        private More more() {
            int from = generation == curve.generation() ? points : 0;
            generation = curve.generation();
            points = curve.unchanged();
            return new More(from, curve.from(from));
        }

        /** Whether the last word has been said to it. */
        boolean ended() {
            synchronized (Chronicle.this) {
                News end = latest.get(END);
                return end != null && end.version <= seen;
            }
        }
    }
}
