package io.millrace.jobs.demo;

import java.time.Instant;

/**
 * One payment that a bank was asked to settle, with what was later found out about it.
 *
 * @param id the payment's own name
 * @param card which card paid
 * @param time when
 * @param hour the hour of the day in which it happened, with its fraction, in [0, 24)
 * @param amount in euros
 * @param distance from the owner's home, kilometres
 * @param attempts tries to pay with the card within the last hour, refused ones included
 * @param merchantRisk the merchant's risk score, in [0, 100]
 * @param deviceAge how long the paying device has been known, days
 * @param checkout how long the checkout took, seconds
 * @param limitUsed share of the card's limit in use, in percent
 * @param online whether the card was not present
 * @param category what the merchant sells
 * @param country where the merchant is
 * @param fraud whether the owner had nothing to do with it
 */
record CardPayment(
        String id,
        String card,
        Instant time,
        double hour,
        double amount,
        double distance,
        int attempts,
        double merchantRisk,
        double deviceAge,
        double checkout,
        double limitUsed,
        boolean online,
        String category,
        String country,
        boolean fraud) {}
