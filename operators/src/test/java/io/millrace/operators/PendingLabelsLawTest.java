package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.models.metrics.Fate;
import io.millrace.models.metrics.Scores;
import io.millrace.models.metrics.Tally;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/**
 * Whatever order events, labels and watermarks come in, the join does what a plain list of everything that happened
 * would do.
 */
class PendingLabelsLawTest {
    private static final int STEPS = 600;
    private static final int KEYS = 3;
    private static final int AT_MOST = 4;
    private static final long TIMEOUT = 601; // odd, and all times are even: no two timers of a key meet

    @Test
    void heap() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            same(seed, new HashMapStateBackend(), Execution.AUTO);
        }
    }

    @Test
    void rocksDb() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            same(seed, PendingLabelsTest.rocksDb(), Execution.AUTO);
        }
    }

    @Test
    void microBatches() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            same(seed, new HashMapStateBackend(), Learner.DJL);
        }
    }

    private static void same(int seed, StateBackend backend, Execution execution) throws Exception {
        float[] assumed = seed % 2 == 0 ? new float[0] : new float[] {0};
        LearnerSpec spec = new LearnerSpec(
                        "job", Learner.MODEL, Learner.PROBLEM, execution, 1000, null, StatePlan.DEFAULT)
                .with(new LabelJoin(Duration.ofMillis(TIMEOUT), assumed, AT_MOST));
        PlainList expected = new PlainList(assumed);
        Map<String, List<Prediction>> made = new TreeMap<>();
        Tally tally;
        try (Learner learner = Learner.on(backend, spec, null)) {
            play(new Random(seed), learner, expected);
            learner.prepareSnapshotPreBarrier(1);
            tally = learner.extractOutputValues().stream().reduce(Tally.NONE, Tally::plus);
            learner.side(OnlineLearner.PREDICTIONS)
                    .forEach(one -> made.computeIfAbsent(one.key(), key -> new ArrayList<>())
                            .add(one));
        }
        String what = "seed " + seed;
        for (Fate fate : Fate.values()) {
            assertThat(tally.joins().count(fate))
                    .as("%s, %s", what, fate)
                    .isEqualTo(expected.fates.getOrDefault(fate, 0L));
        }
        assertThat(tally.updates()).as(what).isEqualTo(expected.updates);
        assertThat(tally.scored()).as(what).isEqualTo(expected.scored);
        Scores scores = Scores.of(tally);
        double noChange = expected.noChangeRight / (double) expected.scored;
        assertThat(scores.baselines().noChange().accuracy()).as(what).isCloseTo(noChange, within(1e-9));
        assertThat(scores.logLoss()).as(what).isCloseTo(expected.logLoss / expected.scored, within(1e-4));
        float tolerance = execution.equals(Execution.AUTO) ? 0 : 1e-4f;
        assertThat(made.keySet()).isEqualTo(expected.predictions.keySet());
        made.forEach((key, predictions) -> {
            List<float[]> wanted = expected.predictions.get(key);
            assertThat(predictions).as(what).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                assertThat(predictions.get(i).scores()).as(what).containsExactly(wanted.get(i), within(tolerance));
            }
        });
    }

    /** Random events, labels, events with labels and watermarks, with ids that come back and times that jump. */
    private static void play(Random random, Learner learner, PlainList expected) throws Exception {
        Set<Long> used = new HashSet<>();
        long watermark = 0;
        for (int step = 0; step < STEPS; step++) {
            long time = 20L * step + 2L * random.nextInt(100);
            while (!used.add(time)) {
                time += 2;
            }
            String key = "key" + random.nextInt(KEYS);
            String id = "e" + Math.max(0, step / 4 - random.nextInt(12) + 3);
            float[] features = {random.nextFloat(), random.nextFloat(), random.nextInt(2)};
            float[] label = {random.nextInt(2)};
            int what = random.nextInt(10);
            if (what < 4) {
                feed(learner, expected, Learner.sample(key, id, time, features, new float[0]));
            } else if (what < 8) {
                Origin origin = new Origin("labels", 0, step, time);
                feed(learner, expected, new Sample(key, id, time, new float[0], label, 1, Sample.Kind.LABEL, origin));
            } else if (what == 8) {
                feed(learner, expected, Learner.sample(key, id, time, features, label));
            } else if (20L * step - random.nextInt(400) > watermark) {
                watermark = 20L * step - 1;
                learner.processWatermark(new Watermark(watermark));
                expected.passes(watermark);
            }
        }
    }

    private static void feed(Learner learner, PlainList expected, Sample sample) throws Exception {
        learner.feed(List.of(sample));
        expected.take(sample);
    }

    /** The definitions, spelt out over lists that are searched from end to end. */
    private static final class PlainList {
        private enum Place {
            WAITING,
            DECIDED,
            EXPIRED,
            EARLY
        }

        private static final class Thing {
            final Sample sample;
            Place place;
            float[] scores = {};
            float previous;
            float[] label;

            Thing(Sample sample, Place place) {
                this.sample = sample;
                this.place = place;
                this.label = sample.label();
            }

            long due() {
                return sample.time() + (place == Place.EXPIRED ? 2 : 1) * TIMEOUT;
            }
        }

        final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
        final Map<String, List<float[]>> predictions = new TreeMap<>();
        long updates;
        long scored;
        long noChangeRight;
        double logLoss;
        private final float[] assumed;
        private final Program program = Learner.MODEL.compile(Learner.PROBLEM);
        private final JvmExecutor executor = new JvmExecutor(program);
        private final Map<String, float[]> rows = new TreeMap<>();
        private final List<Thing> things = new ArrayList<>(); // in the order in which they took their place

        PlainList(float[] assumed) {
            this.assumed = assumed;
        }

        void take(Sample sample) {
            Thing event = find(sample, Place.WAITING, Place.DECIDED, Place.EXPIRED);
            Thing label = find(sample, Place.EARLY);
            if (sample.label().length > 0 && event != null) {
                labelled(event, sample);
            } else if (sample.kind() == Sample.Kind.LABEL) {
                kept(sample, label);
            } else if (sample.label().length > 0) {
                if (label != null) {
                    count(label.label[0] == sample.label()[0] ? Fate.TWICE : Fate.CORRECTED);
                    things.remove(label);
                }
                learntAtOnce(sample);
            } else if (label != null) {
                things.remove(label);
                if (label.sample.time() > sample.time() + TIMEOUT) {
                    count(Fate.LATE);
                    predicted(sample, event);
                } else {
                    learntAtOnce(sample.with(label.label, Sample.Kind.BOTH));
                }
            } else {
                predicted(sample, event);
            }
        }

        private void labelled(Thing event, Sample label) {
            if (event.place == Place.EXPIRED || label.time() > event.sample.time() + TIMEOUT) {
                count(Fate.LATE);
            } else if (event.place == Place.WAITING) {
                count(Fate.JOINED);
                settle(event, label.label(), Place.DECIDED);
            } else if (event.label[0] == label.label()[0]) {
                count(Fate.TWICE);
            } else {
                count(Fate.CORRECTED);
                event.label = label.label();
                learn(event.sample, event.label);
            }
        }

        private void kept(Sample label, Thing earlier) {
            if (earlier == null) {
                count(Fate.EARLY);
            } else if (earlier.label[0] == label.label()[0]) {
                count(Fate.TWICE);
                return;
            } else {
                count(Fate.CORRECTED);
                things.remove(earlier);
            }
            put(new Thing(label, Place.EARLY));
        }

        private void learntAtOnce(Sample event) {
            count(Fate.AWAITED);
            count(Fate.JOINED);
            Thing thing = new Thing(event, Place.DECIDED);
            ask(thing);
            score(thing, event.label());
            learn(event, event.label());
            put(thing);
        }

        private void predicted(Sample event, Thing before) {
            Thing thing = new Thing(event, Place.WAITING);
            ask(thing);
            count(before == null ? Fate.AWAITED : Fate.TWICE);
            if (before == null) {
                put(thing);
            }
        }

        private void settle(Thing event, float[] label, Place place) {
            score(event, label);
            learn(event.sample, label);
            event.label = label;
            things.remove(event);
            event.place = place;
            put(event);
        }

        void passes(long watermark) {
            while (true) {
                Thing next = things.stream()
                        .filter(thing -> thing.due() <= watermark)
                        .min(Comparator.comparingLong(Thing::due))
                        .orElse(null);
                if (next == null) {
                    return;
                }
                switch (next.place) {
                    case EARLY -> {
                        count(Fate.UNKNOWN);
                        things.remove(next);
                    }
                    case EXPIRED -> things.remove(next);
                    case DECIDED -> next.place = Place.EXPIRED;
                    case WAITING -> {
                        count(Fate.NEVER);
                        if (assumed.length > 0) {
                            settle(next, assumed, Place.EXPIRED);
                        } else {
                            things.remove(next);
                            next.place = Place.EXPIRED;
                            put(next);
                        }
                    }
                }
            }
        }

        private void put(Thing thing) {
            things.add(thing);
            List<Thing> shelf = things.stream()
                    .filter(each -> each.sample.key().equals(thing.sample.key()) && shelf(each) == shelf(thing))
                    .toList();
            if (shelf.size() > AT_MOST) {
                things.remove(shelf.get(0));
                if (thing.place == Place.WAITING) {
                    count(Fate.EVICTED);
                } else if (thing.place == Place.EARLY) {
                    count(Fate.EVICTED_LABEL);
                }
            }
        }

        private static Place shelf(Thing thing) {
            return thing.place == Place.EXPIRED ? Place.DECIDED : thing.place;
        }

        private Thing find(Sample like, Place... places) {
            return things.stream()
                    .filter(thing -> thing.sample.key().equals(like.key())
                            && thing.sample.id().equals(like.id())
                            && List.of(places).contains(thing.place))
                    .findFirst()
                    .orElse(null);
        }

        private void ask(Thing thing) {
            Outcome outcome = step(thing.sample, new float[0], false);
            thing.scores = outcome.scores;
            thing.previous = outcome.previousLabel;
            predictions
                    .computeIfAbsent(thing.sample.key(), key -> new ArrayList<>())
                    .add(outcome.scores);
        }

        private void learn(Sample event, float[] label) {
            step(event, label, true);
            updates++;
        }

        private Outcome step(Sample event, float[] label, boolean learn) {
            float[] row = rows.computeIfAbsent(event.key(), program::initialRow);
            Outcome outcome = new Outcome(2);
            executor.step(row, event.features(), label, 1, learn, outcome);
            return outcome;
        }

        private void score(Thing thing, float[] label) {
            scored++;
            logLoss -= Math.log(thing.scores[(int) label[0]]);
            noChangeRight += thing.previous == label[0] ? 1 : 0;
        }

        private void count(Fate fate) {
            fates.merge(fate, 1L, Long::sum);
        }
    }
}
