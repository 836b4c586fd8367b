package io.millrace.jobs.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Generated card payments.
 *
 * @param events how many
 * @param cards how many cards pay
 * @param seed decides on everything else
 */
public record Payments(long events, int cards, long seed) implements Material {
    private static final String TOPIC = "payments";

    @Override
    public List<Drift> drifts() {
        return new CardPayments(events, cards, seed).drifts();
    }

    @Override
    public Iterator<ProducerRecord<byte[], byte[]>> records() {
        return new CardPaymentRecords(new CardPayments(events, cards, seed), TOPIC);
    }

    @Override
    public Path writeJob(Path directory, String bootstrapServers) throws IOException {
        Files.writeString(directory.resolve("card-payment.avsc"), resource("card-payment.avsc"));
        String job = resource("payments.yaml")
                .replace("%SERVERS%", bootstrapServers)
                .replace("%DIRECTORY%", directory.toString());
        return Files.writeString(directory.resolve("job.yaml"), job);
    }

    private static String resource(String name) {
        try (InputStream resource = Payments.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("the class path lacks " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
