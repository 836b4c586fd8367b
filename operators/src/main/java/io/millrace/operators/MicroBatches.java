package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.djl.Batch;
import io.millrace.models.djl.DjlExecutor;
import io.millrace.models.djl.Updates;
import io.millrace.state.LiveRows;
import io.millrace.state.records.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.jspecify.annotations.Nullable;

/**
 * Gathers samples of many keys and executes them together, on rows that live in the executor's own memory.
 *
 * <p>A gathering is executed in rounds of distinct keys, so every key still learns its samples one at a time and in
 * order; a gathering of one hot key takes as many rounds as it has samples. With updates per batch, a round is all
 * samples of one key, which learns from them at once.
 */
final class MicroBatches implements Pace {
    private static final int MOST_SLOTS = 65_536;

    private final Program program;
    private final Outcomes outcomes;
    private final ProcessingTimeService clock;
    private final long delayMillis;
    private final DjlExecutor executor;
    private final Slab slab;
    private final KeptRows kept;
    private final LiveRows live;
    private final Lifecycle lifecycle;
    private final Resets resets;
    private final Batch batch;
    private final Updates updates;
    private final Outcome outcome;
    private final LearnerMetrics metrics;
    private final List<Sample> round = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private List<Sample> waiting = new ArrayList<>();
    private List<Sample> later = new ArrayList<>();
    private @Nullable ScheduledFuture<?> timer; // of the flush to come

    /**
     * @param currentKey makes a key the one whose state is read and written
     * @param cacheBytes that rows in the executor's memory may take; a whole micro-batch always fits
     */
    MicroBatches(
            Program program,
            Execution execution,
            ValueState<float[]> rows,
            Consumer<String> currentKey,
            long cacheBytes,
            Lifecycle lifecycle,
            Resets resets,
            Outcomes outcomes,
            ProcessingTimeService clock,
            LearnerMetrics metrics) {
        this.program = program;
        this.lifecycle = lifecycle;
        this.resets = resets;
        this.outcomes = outcomes;
        this.clock = clock;
        delayMillis = execution.microBatch().maxDelay().toMillis();
        int capacity = execution.microBatch().rows();
        int width = program.layout().width();
        int slots = Math.max(capacity, Math.min(MOST_SLOTS, LiveRows.slots(cacheBytes, width)));
        updates = execution.updates();
        executor = new DjlExecutor(program, slots, execution.device(), updates, lifecycle.anew(""));
        slab = new Slab(slots);
        kept = new KeptRows(rows, lifecycle, currentKey, slot -> slab.lastSeen[slot]);
        live = new LiveRows(slab, kept, width, capacity);
        this.metrics = metrics;
        metrics.cache(live);
        metrics.device(executor.onGpu() ? (long) slots * width * Float.BYTES : 0);
        batch = new Batch(program, capacity, updates);
        outcome = new Outcome(program.problem().target().scores());
    }

    /** The executor's rows, and what this class knows of them meanwhile. */
    private final class Slab implements LiveRows.Slab {
        private final long[] lastSeen;
        private final int[] refusals;

        Slab(int slots) {
            lastSeen = new long[slots];
            refusals = new int[slots];
        }

        @Override
        public int slots() {
            return lastSeen.length;
        }

        @Override
        public void write(int slot, float[] row) {
            executor.write(slot, row);
            learn(slot, row);
        }

        @Override
        public void read(int slot, float[] row) {
            executor.read(slot, row);
            tell(slot, row);
        }

        @Override
        public void write(int[] chosen, List<float[]> rows) {
            executor.write(chosen, rows);
            for (int i = 0; i < chosen.length; i++) {
                learn(chosen[i], rows.get(i));
            }
        }

        @Override
        public void read(int[] chosen, List<float[]> rows) {
            executor.read(chosen, rows);
            for (int i = 0; i < chosen.length; i++) {
                tell(chosen[i], rows.get(i));
            }
        }

        private void learn(int slot, float[] row) {
            lastSeen[slot] = program.lastSeen(row);
            refusals[slot] = program.refusals(row);
        }

        private void tell(int slot, float[] row) {
            if (lastSeen[slot] != Program.NEVER) {
                program.lastSeen(row, lastSeen[slot]);
            }
            program.refusals(row, refusals[slot]);
        }
    }

    @Override
    public void accept(Sample sample) throws Exception {
        waiting.add(sample);
        if (waiting.size() == batch.capacity()) {
            flush();
        } else if (timer == null) {
            timer = clock.registerTimer(clock.getCurrentProcessingTime() + delayMillis, time -> {
                timer = null;
                flush();
            });
        }
    }

    @Override
    public boolean holds(String key) {
        for (Sample sample : waiting) {
            if (sample.key().equals(key)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void flush() throws Exception {
        while (!waiting.isEmpty()) {
            for (Sample sample : waiting) {
                (joins(sample) ? round : later).add(sample);
            }
            executeRound();
            keys.clear();
            round.clear();
            waiting.clear();
            List<Sample> emptied = waiting;
            waiting = later;
            later = emptied;
        }
    }

    private boolean joins(Sample sample) {
        return updates == Updates.PER_EVENT
                ? keys.add(sample.key())
                : round.isEmpty() || round.get(0).key().equals(sample.key());
    }

    private void executeRound() throws Exception {
        batch.clear();
        boolean learns = false;
        for (Sample sample : round) {
            learns |= sample.learns();
            batch.add(slot(sample), sample.features(), sample.label(), sample.weight(), sample.learns());
        }
        live.arrive();
        long began = System.nanoTime();
        executor.step(batch);
        metrics.took(learns, System.nanoTime() - began);
        metrics.batch(round.size());
        for (int i = 0; i < round.size(); i++) {
            batch.outcome(i, outcome);
            if (round.get(i).labelled()) {
                count(round.get(i));
            }
            outcomes.emit(round.get(i), outcome);
        }
    }

    private int slot(Sample sample) throws Exception {
        if (updates == Updates.PER_EVENT || batch.size() == 0) { // of one key's samples the first decides
            kept.meet(sample, live);
        }
        return live.reserve(sample.key(), sample.labelled());
    }

    private void count(Sample sample) throws IOException {
        int slot = live.find(sample.key());
        slab.lastSeen[slot] = lifecycle.seen(sample.key(), slab.lastSeen[slot], sample.time());
        slab.refusals[slot] = resets.refusals(slab.refusals[slot], sample.learns(), outcome.status);
        outcome.remedy = resets.isDue(slab.refusals[slot]) ? reset(sample.key(), slot) : "";
    }

    private String reset(String key, int slot) throws IOException {
        float[] row = new float[program.layout().width()];
        slab.read(slot, row);
        String done = resets.reset(key, row);
        slab.write(slot, row);
        return done;
    }

    @Override
    public void writeBack() throws Exception {
        live.writeBack();
    }

    @Override
    public void release(String key) throws Exception {
        live.release(key);
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        executor.close();
    }
}
