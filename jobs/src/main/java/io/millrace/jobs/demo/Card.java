package io.millrace.jobs.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One card and how its owner pays.
 *
 * @param id the card's name, {@code card-00042}
 * @param country where the owner lives
 * @param shops the owner's favourite merchant categories
 * @param peakHour about when the owner pays, hours in [0, 24)
 * @param online share of payments made online, in [0, 1]
 * @param amount natural logarithm of the amount in euros
 * @param distance natural logarithm of the distance from home in kilometres
 * @param attempts tries within the last hour
 * @param merchantRisk the merchant's risk score, in percent
 * @param deviceAge age of the paying device, days
 * @param checkout how long the checkout took, seconds
 * @param limitUsed share of the card's limit in use, in percent
 */
record Card(
        String id,
        String country,
        List<String> shops,
        double peakHour,
        double online,
        Habit amount,
        Habit distance,
        Habit attempts,
        Habit merchantRisk,
        Habit deviceAge,
        Habit checkout,
        Habit limitUsed) {

    static final List<String> COUNTRIES = List.of("AT", "BE", "CH", "DE", "ES", "FR", "IT", "NL", "PL", "SE");
    static final List<String> SHOPS = List.of(
            "clothing",
            "digital",
            "electronics",
            "fuel",
            "gifts",
            "groceries",
            "health",
            "hotel",
            "jewellery",
            "leisure",
            "restaurant",
            "transport");
    private static final int FAVOURITES = 4;

    /** The habits of the card with the given number; the same seed and number give the same card. */
    static Card numbered(int number, long seed) {
        Random random = new Random(seed * 31 + number);
        List<String> shops = new ArrayList<>(SHOPS);
        Collections.shuffle(shops, random);
        return new Card(
                String.format(Locale.ROOT, "card-%05d", number),
                COUNTRIES.get(random.nextInt(COUNTRIES.size())),
                List.copyOf(shops.subList(0, FAVOURITES)),
                random.nextDouble(9, 20),
                random.nextDouble(0.2, 0.6),
                Habit.between(2.5, 5, 0.3, 0.5, random),
                Habit.between(0.5, 3.5, 0.3, 0.5, random),
                Habit.between(3, 6, 1, 1.5, random),
                Habit.between(25, 45, 6, 10, random),
                Habit.between(250, 900, 50, 80, random),
                Habit.between(50, 150, 10, 20, random),
                Habit.between(25, 55, 5, 9, random));
    }

    /** How likely the owner is to pay at an hour of the day, relative to the likeliest hour; in (0, 1]. */
    double habitAt(double hour) {
        double apart = Math.abs(hour - peakHour);
        double aroundTheClock = Math.min(apart, 24 - apart);
        return 0.03 + 0.97 * Math.exp(-aroundTheClock * aroundTheClock / 32);
    }
}
