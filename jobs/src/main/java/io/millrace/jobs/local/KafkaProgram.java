package io.millrace.jobs.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** {@link LocalKafka} in a JVM of its own; runs until it is asked to end. */
public final class KafkaProgram {
    private KafkaProgram() {}

    /**
     * Starts the broker.
     *
     * @param arguments directory of its data, and port
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LocalKafka broker = LocalKafka.in(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        new CountDownLatch(1).await();
    }
}
