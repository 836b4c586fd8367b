package io.millrace.jobs.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Card payments as Kafka records: the card's name is the key, the value is plain Avro, without a schema id. */
public final class CardPaymentRecords implements Iterator<ProducerRecord<byte[], byte[]>> {
    /** Class path resource that holds the schema of the values. */
    public static final String SCHEMA = "/io/millrace/jobs/demo/card-payment.avsc";

    /** What the field {@code label} holds, in the order of the classes. */
    public static final List<String> LABELS = List.of("genuine", "fraud");

    private final CardPayments payments;
    private final String topic;
    private final Schema schema = schema();
    private final GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);

    public CardPaymentRecords(CardPayments payments, String topic) {
        this.payments = payments;
        this.topic = topic;
    }

    /** The schema of the values. */
    public static Schema schema() {
        try (InputStream source = CardPaymentRecords.class.getResourceAsStream(SCHEMA)) {
            return new Schema.Parser().parse(source);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SCHEMA, e);
        }
    }

    @Override
    public boolean hasNext() {
        return payments.hasNext();
    }

    @Override
    public ProducerRecord<byte[], byte[]> next() {
        CardPayment payment = payments.next();
        byte[] key = payment.card().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, encoded(payment));
    }

    private byte[] encoded(CardPayment payment) {
        GenericRecord value = new GenericData.Record(schema);
        value.put("id", payment.id());
        value.put("card", payment.card());
        value.put("time", payment.time().toEpochMilli());
        value.put("hour", payment.hour());
        value.put("amount", payment.amount());
        value.put("distance", payment.distance());
        value.put("attempts", payment.attempts());
        value.put("merchant_risk", payment.merchantRisk());
        value.put("device_age", payment.deviceAge());
        value.put("checkout", payment.checkout());
        value.put("limit_used", payment.limitUsed());
        value.put("online", payment.online());
        value.put("category", payment.category());
        value.put("country", payment.country());
        value.put("label", LABELS.get(payment.fraud() ? 1 : 0));
        bytes.reset();
        try {
            writer.write(value, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a byte array takes every byte
        }
        return bytes.toByteArray();
    }
}
