package io.millrace.jobs.demo.stream;

import io.millrace.models.spec.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The generated streams, by name. */
public enum Synthetic {
    /** See {@link Sea}. */
    SEA("a sum of two numbers against a threshold that jumps three times"),
    /** See {@link Agrawal}. */
    AGRAWAL("loan applications, decided by rules that change three times"),
    /** See {@link Hyperplane}. */
    HYPERPLANE("a plane that rotates slowly"),
    /** See {@link RandomRbf}. */
    RANDOM_RBF("clouds of points that wander"),
    /** See {@link Led}. */
    LED("digits of a faulty display whose segments change places");

    private final String about;

    Synthetic(String about) {
        this.about = about;
    }

    /** What it shows, in a few words. */
    public String about() {
        return about;
    }

    /** Its name, as in {@code random-rbf}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The stream from its beginning.
     *
     * @param events after which it has shown everything, at least 1; it never ends
     * @param seed decides on everything that is random
     */
    public Generator start(long events, long seed) {
        if (events < 1) {
            throw new IllegalArgumentException("events=" + events + " must be >= 1");
        }
        return switch (this) {
            case SEA -> new Sea(events, seed);
            case AGRAWAL -> new Agrawal(events, seed);
            case HYPERPLANE -> new Hyperplane(events, seed);
            case RANDOM_RBF -> new RandomRbf(events, seed);
            case LED -> new Led(events, seed);
        };
    }

    /** Names of all. */
    public static List<String> titles() {
        return Arrays.stream(values()).map(Synthetic::title).toList();
    }

    /**
     * The stream of a name.
     *
     * @throws IllegalArgumentException naming the nearest, if there is none
     */
    public static Synthetic named(String title) {
        return Arrays.stream(values())
                .filter(each -> each.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown stream \"" + title + "\""
                        + Nearest.question(title, titles()) + " (streams: " + String.join(", ", titles()) + ")"));
    }
}
