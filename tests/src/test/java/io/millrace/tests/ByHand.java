package io.millrace.tests;

import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.djl.Batch;
import io.millrace.models.djl.Device;
import io.millrace.models.djl.DjlExecutor;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a job must make of good readings: the same steps one after the other, without Flink and without Kafka. */
final class ByHand {
    private static final Origin NOWHERE = new Origin("", 0, 0, 0);

    /** The row of every model that has learnt, by key. */
    final Map<String, float[]> rows = new TreeMap<>();

    /** The predictions of every key, in order. */
    final Map<String, List<Predicted>> predictions = new TreeMap<>();

    /** How many predictions have a label, each of which is an update. */
    long updates;

    /** How many of those named the right class. */
    long right;

    private final Program program;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Long> lastSeen = new HashMap<>(); // time of the latest labelled event of a key

    /**
     * One prediction.
     *
     * @param id of the event
     * @param version updates the model had had
     * @param scores a probability per class
     */
    record Predicted(String id, long version, float[] scores) {
        int chosen() {
            return scores[1] > scores[0] ? 1 : 0;
        }
    }

    private ByHand(JobSpec spec, List<Reading> readings) {
        EventReader reader = JobGraph.reader(spec);
        program = spec.model().compile(reader.problem());
        for (Reading reading : readings) {
            if (reading.good()) {
                Sample sample =
                        reader.read(reading.key(), reading.value(), NOWHERE).sample();
                samples.add(sample);
                rows.computeIfAbsent(sample.key(), program::initialRow);
            }
        }
    }

    /** By the jvm executor. */
    static ByHand jvm(JobSpec spec, List<Reading> readings) {
        ByHand byHand = new ByHand(spec, readings);
        JvmExecutor executor = new JvmExecutor(byHand.program);
        for (Sample sample : byHand.samples) {
            Outcome outcome = new Outcome(2);
            executor.step(
                    byHand.rows.get(sample.key()),
                    sample.features(),
                    sample.label(),
                    sample.weight(),
                    sample.learns(),
                    outcome);
            byHand.note(sample, outcome);
        }
        byHand.end();
        return byHand;
    }

    /** By the djl executor: the first samples of all keys in a step, then the second ones, and so on. */
    static ByHand djl(JobSpec spec, List<Reading> readings) {
        ByHand byHand = new ByHand(spec, readings);
        List<String> keys = List.copyOf(byHand.rows.keySet());
        Map<String, Integer> slots = new HashMap<>();
        Batch batch = new Batch(byHand.program, keys.size());
        try (DjlExecutor executor = new DjlExecutor(byHand.program, keys.size(), Device.CPU)) {
            for (String key : keys) {
                executor.write(slots.size(), byHand.rows.get(key));
                slots.put(key, slots.size());
            }
            for (List<Sample> round : byHand.rounds()) {
                batch.clear();
                for (Sample sample : round) {
                    batch.add(
                            slots.get(sample.key()),
                            sample.features(),
                            sample.label(),
                            sample.weight(),
                            sample.learns());
                }
                executor.step(batch);
                for (int i = 0; i < round.size(); i++) {
                    Outcome outcome = new Outcome(2);
                    batch.outcome(i, outcome);
                    byHand.note(round.get(i), outcome);
                }
            }
            slots.forEach((key, slot) -> executor.read(slot, byHand.rows.get(key)));
        }
        byHand.end();
        return byHand;
    }

    private List<List<Sample>> rounds() {
        List<List<Sample>> rounds = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        for (Sample sample : samples) {
            int round = taken.merge(sample.key(), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(sample);
        }
        return rounds;
    }

    private void note(Sample sample, Outcome outcome) {
        Predicted predicted = new Predicted(sample.id(), outcome.version, outcome.scores);
        predictions.computeIfAbsent(sample.key(), key -> new ArrayList<>()).add(predicted);
        if (sample.labelled()) {
            lastSeen.merge(sample.key(), sample.time(), Math::max);
            updates++;
            right += predicted.chosen() == (int) sample.label()[0] ? 1 : 0;
        }
    }

    private void end() {
        rows.keySet().retainAll(lastSeen.keySet());
        lastSeen.forEach((key, time) -> program.lastSeen(rows.get(key), time));
    }
}
