package io.millrace.jobs.demo;

import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The whole stream in a bounded number of stretches: when there are too many, neighbours become one. Not thread-safe. */
final class Past {
    static final int MOST = 1024;
    private static final int FEW = 500; // events that are too few for an accuracy to say much

    private record Stretch(long from, long to, Sums sums) {
        Stretch and(Stretch next) {
            return new Stretch(from, next.to, sums.plus(next.sums));
        }
    }

    private List<Stretch> stretches = new ArrayList<>();
    private int windows = 1; // that make a stretch
    private int unfinished; // windows of the newest stretch, 0 if it has all

    /** Takes the scores of the next events, from one, counted from 0, to before another. */
    void add(long from, long to, Sums sums) {
        Stretch window = new Stretch(from, to, sums.unranked());
        stretches.add(unfinished == 0 ? window : stretches.remove(size() - 1).and(window));
        unfinished = (unfinished + 1) % windows;
        if (unfinished == 0 && size() == MOST) {
            join();
        }
    }

    private void join() {
        List<Stretch> pairs = new ArrayList<>();
        for (int i = 0; i < MOST; i += 2) {
            pairs.add(stretches.get(i).and(stretches.get(i + 1)));
        }
        stretches = pairs;
        windows *= 2;
    }

    /** How many stretches there are. */
    int size() {
        return stretches.size();
    }

    /** Accuracy over the stretches within these events, if any was scored. */
    Optional<Double> accuracy(long from, long to) {
        Sums sums = within(from, to).map(Stretch::sums).reduce(Sums.NONE, Sums::plus);
        return Optional.ofNullable(Scores.of(sums).accuracy());
    }

    /** The lowest accuracy of a stretch within these events that is not too short. */
    Optional<Double> worst(long from, long to) {
        return within(from, to)
                .filter(stretch -> stretch.sums.scored() >= FEW)
                .map(stretch -> Scores.of(stretch.sums).accuracy())
                .filter(Objects::nonNull)
                .min(Double::compare);
    }

    private Stream<Stretch> within(long from, long to) {
        return stretches.stream().filter(stretch -> stretch.from >= from && stretch.to <= to);
    }
}
