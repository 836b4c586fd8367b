package io.millrace.jobs.demo;

import java.util.List;

/**
 * How someone pays with a card: the owner, or a fraudster of one kind.
 *
 * <p>What a fraudster does is told as displacements from the card's own habits, in the card's own standard
 * deviations: different on every card, alike once each card's figures are standardized. The kinds contradict each
 * other, so what betrays one is normal, or the opposite, in the next.
 */
enum Behaviour {
    OWNER(0, 0, 0, 0, 0, 0, 0, 0, 0.03, Hours.OWNERS),
    /** A copied card in shops far away: large amounts, at night, close to the limit. */
    CLONED_CARD(2.6, 2.8, 0.4, 1.2, -0.4, 1.0, 0.8, -0.3, 0.4, Hours.ODD),
    /** Stolen numbers tried out by a robot: tiny online amounts, again and again, done in seconds. */
    CARD_TESTING(-2.0, -1.0, 3.0, 0.6, -0.8, -2.6, -0.8, 0.4, 0.05, Hours.ANY),
    /** A stranger in the owner's account: an unknown device, a slow checkout, near the limit, bought for the address. */
    ACCOUNT_TAKEOVER(1.2, -1.0, 0.4, 0.5, -3.0, 1.4, 2.4, 0.3, 0.03, Hours.ANY);

    /** At which hours of the day a card is used. */
    private enum Hours {
        OWNERS,
        ODD,
        ANY
    }

    final double amount;
    final double distance;
    final double attempts;
    final double merchantRisk;
    final double deviceAge;
    final double checkout;
    final double limitUsed;
    /** Added to the card's share of online payments. */
    final double online;
    /** Probability that the merchant's country is drawn from all, in [0, 1]. */
    final double abroad;

    private final Hours hours;

    Behaviour(
            double amount,
            double distance,
            double attempts,
            double merchantRisk,
            double deviceAge,
            double checkout,
            double limitUsed,
            double online,
            double abroad,
            Hours hours) {
        this.amount = amount;
        this.distance = distance;
        this.attempts = attempts;
        this.merchantRisk = merchantRisk;
        this.deviceAge = deviceAge;
        this.checkout = checkout;
        this.limitUsed = limitUsed;
        this.online = online;
        this.abroad = abroad;
        this.hours = hours;
    }

    /** How likely a payment with the card is at an hour of the day, relative to the likeliest hour; in [0, 1]. */
    double likelihood(Card card, double hour) {
        return switch (hours) {
            case OWNERS -> card.habitAt(hour);
            case ODD -> 1 - card.habitAt(hour);
            case ANY -> 1;
        };
    }

    /** The merchant categories that are sought with the card. */
    List<String> sought(Card card) {
        return switch (this) {
            case OWNER -> card.shops();
            case CLONED_CARD -> List.of("electronics", "jewellery");
            case CARD_TESTING -> List.of("digital", "leisure");
            case ACCOUNT_TAKEOVER -> List.of("electronics", "gifts");
        };
    }
}
