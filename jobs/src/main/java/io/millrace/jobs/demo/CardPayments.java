package io.millrace.jobs.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;

/**
 * Four weeks of card payments of which some are fraud, in order of time; the same three numbers give the same stream.
 *
 * <p>A few cards pay often and many seldom: the activity of the n-th busiest is proportional to 1 / (n + 5). Each
 * payment is fraud with probability {@value #FRAUD_SHARE}, independently of all others, so the last label says
 * nothing of the next. Fraudsters change their ways twice: at once after a third of the payments, and gradually from
 * a half to two thirds of them, during which ever more fraud is of the new kind.
 */
public final class CardPayments implements Iterator<CardPayment> {
    /** Share of fraudulent payments, in [0, 1]: these are the payments which a first, coarse check found worth a look. */
    static final double FRAUD_SHARE = 0.15;

    private static final Instant FIRST = Instant.parse("2026-01-05T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(28);
    private static final double SOUGHT = 0.8;

    private final long events;
    private final Drift abrupt;
    private final Drift gradual;
    private final List<Card> cards;
    private final double[] cumulativeActivity;
    private final Random random;
    private long next;
    private double seconds;

    /**
     * A stream from its beginning.
     *
     * @param events how many payments, at least 1
     * @param cards how many cards, at least 1
     * @param seed decides on everything else
     */
    public CardPayments(long events, int cards, long seed) {
        if (events < 1) {
            throw new IllegalArgumentException("events=" + events + " must be >= 1");
        }
        if (cards < 1) {
            throw new IllegalArgumentException("cards=" + cards + " must be >= 1");
        }
        this.events = events;
        abrupt = new Drift("robots test stolen numbers", events / 3, events / 3);
        gradual = new Drift("accounts are taken over", events / 2, events * 2 / 3);
        this.cards = new ArrayList<>(cards);
        cumulativeActivity = new double[cards];
        double sum = 0;
        for (int card = 0; card < cards; card++) {
            this.cards.add(Card.numbered(card, seed));
            sum += 1.0 / (card + 6);
            cumulativeActivity[card] = sum;
        }
        random = new Random(seed);
    }

    /** When what gives fraud away changes, in order. */
    public List<Drift> drifts() {
        return List.of(abrupt, gradual);
    }

    @Override
    public boolean hasNext() {
        return next < events;
    }

    @Override
    public CardPayment next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + events + " payments have been made");
        }
        seconds -= Math.log(1 - random.nextDouble()) * SPAN.toSeconds() / events;
        CardPayment payment = payment(behaviour());
        next++;
        return payment;
    }

    private Behaviour behaviour() {
        if (random.nextDouble() >= FRAUD_SHARE) {
            return Behaviour.OWNER;
        }
        if (next < abrupt.start()) {
            return Behaviour.CLONED_CARD;
        }
        double changed = (double) (next - gradual.start()) / Math.max(1, gradual.end() - gradual.start());
        return random.nextDouble() < changed ? Behaviour.ACCOUNT_TAKEOVER : Behaviour.CARD_TESTING;
    }

    private CardPayment payment(Behaviour behaviour) {
        double hour = seconds / 3600 % 24;
        Card card = cardInUse(behaviour, hour);
        return new CardPayment(
                String.format(Locale.ROOT, "payment-%08d", next),
                card.id(),
                FIRST.plusMillis(Math.round(seconds * 1000)),
                rounded(hour, 100),
                rounded(Math.exp(card.amount().draw(behaviour.amount, random)), 100),
                rounded(Math.exp(card.distance().draw(behaviour.distance, random)), 10),
                (int) Math.max(1, Math.round(card.attempts().draw(behaviour.attempts, random))),
                rounded(Math.min(100, Math.max(0, card.merchantRisk().draw(behaviour.merchantRisk, random))), 10),
                rounded(Math.max(0, card.deviceAge().draw(behaviour.deviceAge, random)), 10),
                rounded(Math.max(1, card.checkout().draw(behaviour.checkout, random)), 10),
                rounded(Math.min(100, Math.max(0, card.limitUsed().draw(behaviour.limitUsed, random))), 10),
                random.nextDouble() < card.online() + behaviour.online,
                any(random.nextDouble() < SOUGHT ? behaviour.sought(card) : Card.SHOPS),
                random.nextDouble() < behaviour.abroad ? any(Card.COUNTRIES) : card.country(),
                behaviour != Behaviour.OWNER);
    }

    /** Draws busy cards more often, and each at the hours at which it is used in this way. */
    private Card cardInUse(Behaviour behaviour, double hour) {
        Card card = anyCard();
        while (random.nextDouble() >= behaviour.likelihood(card, hour)) {
            card = anyCard();
        }
        return card;
    }

    private Card anyCard() {
        double drawn = random.nextDouble() * cumulativeActivity[cumulativeActivity.length - 1];
        int found = Arrays.binarySearch(cumulativeActivity, drawn);
        return cards.get(found < 0 ? -found - 1 : found + 1);
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    /** The nearest multiple of {@code 1 / parts}: what would be recorded, and the same on every machine. */
    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }
}
