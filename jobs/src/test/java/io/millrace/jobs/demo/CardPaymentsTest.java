package io.millrace.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class CardPaymentsTest {
    private static final int EVENTS = 200_000;
    private static final int CARDS = 2_000;
    private static final int WINDOW = 5_000;

    @Test
    void sameSeedGivesTheSameStreamAndAnotherGivesAnother() {
        assertThat(all(new CardPayments(1_000, 50, 7))).isEqualTo(all(new CardPayments(1_000, 50, 7)));
        assertThat(all(new CardPayments(1_000, 50, 7))).isNotEqualTo(all(new CardPayments(1_000, 50, 8)));
    }

    @Test
    void isInOrderOfTimeAndEveryFigureInItsRange() {
        List<CardPayment> payments = all(new CardPayments(20_000, CARDS, 1));

        assertThat(payments).extracting(CardPayment::time).isSorted();
        assertThat(payments).extracting(CardPayment::id).doesNotHaveDuplicates();
        assertThat(payments).allSatisfy(payment -> {
            assertThat(payment.hour()).isBetween(0.0, 24.0);
            assertThat(payment.amount()).isPositive().isFinite();
            assertThat(payment.distance()).isNotNegative().isFinite();
            assertThat(payment.attempts()).isPositive();
            assertThat(payment.merchantRisk()).isBetween(0.0, 100.0);
            assertThat(payment.deviceAge()).isNotNegative();
            assertThat(payment.checkout()).isPositive();
            assertThat(payment.limitUsed()).isBetween(0.0, 100.0);
            assertThat(Card.SHOPS).contains(payment.category());
            assertThat(Card.COUNTRIES).contains(payment.country());
        });
    }

    @Test
    void knowsItsDrifts() {
        assertThat(new CardPayments(600, 10, 1).drifts())
                .containsExactly(
                        new Drift("robots test stolen numbers", 200, 200),
                        new Drift("accounts are taken over", 300, 400));
    }

    @Test
    void holdsTheAnnouncedShareOfFraudAndUsesEveryCard() {
        List<CardPayment> payments = all(new CardPayments(EVENTS, CARDS, 3));

        assertThat(payments.stream().filter(CardPayment::fraud).count() / (double) EVENTS)
                .isEqualTo(CardPayments.FRAUD_SHARE, within(0.005));
        assertThat(payments.stream().map(CardPayment::card).distinct()).hasSize(CARDS);
    }

    /** What makes the demo worth watching, measured with the simplest learner there is. */
    @Test
    void canBeLearntCardByCardAndHasToBeLearntAgainAfterEachDrift() {
        double[] accuracy = windowedAccuracy(new CardPayments(EVENTS, CARDS, 1));
        double majority = 1 - CardPayments.FRAUD_SHARE;
        double beforeAbrupt = mean(accuracy, 55_000, 65_000);
        double afterAbrupt = mean(accuracy, 70_000, 75_000);
        double recovered = mean(accuracy, 85_000, 100_000);
        double amidGradual = mean(accuracy, 110_000, 130_000);
        double end = mean(accuracy, 180_000, EVENTS);

        assertThat(mean(accuracy, 20_000, 30_000)).isGreaterThan(majority + 0.05);
        assertThat(beforeAbrupt).isGreaterThan(majority + 0.08);
        assertThat(afterAbrupt).isLessThan(beforeAbrupt - 0.05);
        assertThat(recovered).isGreaterThan(majority + 0.05).isGreaterThan(afterAbrupt + 0.03);
        assertThat(amidGradual).isGreaterThan(majority + 0.04);
        assertThat(end).isGreaterThan(amidGradual + 0.03).isGreaterThan(majority + 0.09);
    }

    @Test
    void refusesAStreamOfNothing() {
        assertThatThrownBy(() -> new CardPayments(0, 1, 1)).hasMessage("events=0 must be >= 1");
        assertThatThrownBy(() -> new CardPayments(1, 0, 1)).hasMessage("cards=0 must be >= 1");
    }

    @Test
    void encodesWhatItDrew() throws Exception {
        CardPayment payment = new CardPayments(10, 5, 1).next();
        ProducerRecord<byte[], byte[]> record = new CardPaymentRecords(new CardPayments(10, 5, 1), "payments").next();
        GenericRecord value = new GenericDatumReader<GenericRecord>(CardPaymentRecords.schema())
                .read(null, DecoderFactory.get().binaryDecoder(record.value(), null));

        assertThat(record.topic()).isEqualTo("payments");
        assertThat(record.key()).asString().isEqualTo(payment.card());
        assertThat(value.get("id")).hasToString(payment.id());
        assertThat(value.get("time")).isEqualTo(payment.time().toEpochMilli());
        assertThat(value.get("amount")).isEqualTo(payment.amount());
        assertThat(value.get("limit_used")).isEqualTo(payment.limitUsed());
        assertThat(value.get("online")).isEqualTo(payment.online());
        assertThat(value.get("label")).hasToString(payment.fraud() ? "fraud" : "genuine");
    }

    private static List<CardPayment> all(CardPayments payments) {
        List<CardPayment> all = new ArrayList<>();
        payments.forEachRemaining(all::add);
        return all;
    }

    /** Accuracy in windows of {@value #WINDOW} payments, each predicted before it was learnt. */
    private static double[] windowedAccuracy(CardPayments payments) {
        PerCardLogisticRegression learner = new PerCardLogisticRegression(0.1);
        double[] accuracy = new double[EVENTS / WINDOW];
        for (int event = 0; payments.hasNext(); event++) {
            CardPayment payment = payments.next();
            if (learner.predictThenLearn(payment) == payment.fraud()) {
                accuracy[event / WINDOW] += 1.0 / WINDOW;
            }
        }
        return accuracy;
    }

    private static double mean(double[] windows, int from, int to) {
        double sum = 0;
        for (int window = from / WINDOW; window < to / WINDOW; window++) {
            sum += windows[window];
        }
        return sum * WINDOW / (to - from);
    }
}
