package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Program;
import io.millrace.models.djl.Batch;
import io.millrace.models.djl.DjlExecutor;
import io.millrace.state.LiveRows;
import io.millrace.state.records.Sample;
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
 * order; a gathering of one hot key takes as many rounds as it has samples.
 */
final class MicroBatches implements Pace, LiveRows.Store {
    private static final int MOST_SLOTS = 65_536;

    private final Program program;
    private final ValueState<float[]> rows;
    private final Consumer<String> currentKey;
    private final Results results;
    private final ProcessingTimeService clock;
    private final long delayMillis;
    private final DjlExecutor executor;
    private final LiveRows live;
    private final Batch batch;
    private final Outcome outcome;
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
            Results results,
            ProcessingTimeService clock) {
        this.program = program;
        this.rows = rows;
        this.currentKey = currentKey;
        this.results = results;
        this.clock = clock;
        delayMillis = execution.microBatch().maxDelay().toMillis();
        int capacity = execution.microBatch().rows();
        int width = program.layout().width();
        int slots = Math.max(capacity, Math.min(MOST_SLOTS, LiveRows.slots(cacheBytes, width)));
        executor = new DjlExecutor(program, slots, execution.device());
        live = new LiveRows(new Slab(executor, slots), this, width, capacity);
        batch = new Batch(program, capacity);
        outcome = new Outcome(program.problem().target().scores());
    }

    private record Slab(DjlExecutor executor, int slots) implements LiveRows.Slab {
        @Override
        public void write(int slot, float[] row) {
            executor.write(slot, row);
        }

        @Override
        public void read(int slot, float[] row) {
            executor.read(slot, row);
        }

        @Override
        public void write(int[] chosen, List<float[]> rows) {
            executor.write(chosen, rows);
        }

        @Override
        public void read(int[] chosen, List<float[]> rows) {
            executor.read(chosen, rows);
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
    public void flush() throws Exception {
        while (!waiting.isEmpty()) {
            for (Sample sample : waiting) {
                (keys.add(sample.key()) ? round : later).add(sample);
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

    private void executeRound() throws Exception {
        batch.clear();
        for (Sample sample : round) {
            int slot = live.reserve(sample.key(), sample.labelled());
            batch.add(slot, sample.features(), sample.label(), sample.weight(), sample.learns());
        }
        live.arrive();
        executor.step(batch);
        for (int i = 0; i < round.size(); i++) {
            batch.outcome(i, outcome);
            results.emit(round.get(i), outcome);
        }
    }

    @Override
    public void writeBack() throws Exception {
        live.writeBack();
    }

    @Override
    public float[] load(String key) throws Exception {
        currentKey.accept(key);
        float[] row = rows.value();
        return row == null ? program.initialRow(key) : row;
    }

    @Override
    public void save(String key, float[] row) throws Exception {
        currentKey.accept(key);
        rows.update(row);
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        executor.close();
    }
}
