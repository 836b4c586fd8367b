package io.millrace.tests;

import io.millrace.connectors.event.EventReader;
import io.millrace.jobs.run.JobGraph;
import io.millrace.jobs.spec.JobSpec;
import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.jvm.JvmExecutor;
import io.millrace.state.records.Origin;
import io.millrace.state.records.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a job must make of good readings: the same steps one after the other, without Flink and without Kafka. */
final class ByHand {
    /** The row of every model that has learnt, by key. */
    final Map<String, float[]> rows = new TreeMap<>();

    /** The predictions of every key, in order. */
    final Map<String, List<Predicted>> predictions = new TreeMap<>();

    /** How many predictions have a label, each of which is an update. */
    long updates;

    /** How many of those named the right class. */
    long right;

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

    ByHand(JobSpec spec, List<Reading> readings) {
        EventReader reader = JobGraph.reader(spec);
        Program program = spec.model().compile(reader.problem());
        JvmExecutor executor = new JvmExecutor(program);
        for (Reading reading : readings) {
            if (reading.good()) {
                learn(
                        program,
                        executor,
                        reader.read(reading.key(), reading.value(), new Origin("", 0, 0, 0))
                                .sample());
            }
        }
    }

    private void learn(Program program, JvmExecutor executor, Sample sample) {
        float[] row = rows.containsKey(sample.key()) ? rows.get(sample.key()) : program.initialRow(sample.key());
        Outcome outcome = new Outcome(2);
        executor.step(row, sample.features(), sample.label(), sample.weight(), sample.learns(), outcome);
        Predicted predicted = new Predicted(sample.id(), outcome.version, outcome.scores);
        predictions.computeIfAbsent(sample.key(), key -> new ArrayList<>()).add(predicted);
        if (sample.labelled()) {
            program.lastSeen(row, Math.max(program.lastSeen(row), sample.time()));
            rows.put(sample.key(), row);
            updates++;
            right += predicted.chosen() == (int) sample.label()[0] ? 1 : 0;
        }
    }
}
