package io.millrace.jobs.run;

import io.millrace.operators.Telemetry;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Hands a job's telemetry to someone in the same process, as it is made; a job on a cluster cannot be watched so. */
public final class Watch implements AutoCloseable {
    private static final Map<String, Consumer<Telemetry>> WATCHERS = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    /**
     * @param watcher called by the job's thread; must be quick
     */
    public Watch(Consumer<Telemetry> watcher) {
        WATCHERS.put(id, watcher);
    }

    /** Attaches the watcher to a stream of telemetry. */
    public void attach(DataStream<Telemetry> telemetry) {
        telemetry
                .map(new Hand(id))
                .returns(Telemetry.class)
                .setParallelism(1)
                .name("watch")
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1);
    }

    @Override
    public void close() {
        WATCHERS.remove(id);
    }

    private record Hand(String id) implements MapFunction<Telemetry, Telemetry> {
        @Override
        public Telemetry map(Telemetry telemetry) {
            Consumer<Telemetry> watcher = WATCHERS.get(id);
            if (watcher != null) {
                watcher.accept(telemetry);
            }
            return telemetry;
        }
    }
}
