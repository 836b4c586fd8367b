package io.millrace.operators;

import io.millrace.models.Outcome;
import io.millrace.models.Problem;
import io.millrace.models.metrics.Fate;
import io.millrace.state.records.Remembered;
import io.millrace.state.records.Sample;
import io.millrace.state.records.Sample.Kind;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.jspecify.annotations.Nullable;

/**
 * Joins labels that come later to their events, by key and id: an event is predicted at once; it and the scores then
 * given are remembered; when its label comes, that prediction is scored and the model, as it is by then, learns.
 *
 * <p>{@link Fate} says what else may happen. Time is event time: an event may be labelled until its timeout, is known as
 * too late for labels for as long again, and is then forgotten. Labels that came before their event are kept for a
 * timeout, too. Everything waits in keyed state with a timer, so a checkpoint holds all of it.
 */
final class PendingLabels implements Pace, Outcomes {
    private final float[] assumed; // label of an event that got none; [0] if there is no such label
    private final long timeoutMillis;
    private final Problem problem;
    private final Shelf waiting; // predicted events whose label is not known
    private final Shelf decided; // events that were learnt, and those whose timeout is over
    private final Shelf early; // labels whose event has not come
    private final InternalTimerService<String> timers; // by event id
    private final Consumer<String> currentKey;
    private final Results results;
    private final Pace pace;

    /** Makes timers that call when they are due. */
    interface Timers {
        InternalTimerService<String> calling(Triggerable<String, String> due);
    }

    /**
     * @param problem that the model learns now; what was remembered for another one is forgotten
     * @param currentKey makes a key the one whose state is read and written
     * @param pace executes samples and sends what came of them
     */
    PendingLabels(
            LabelJoin join,
            Problem problem,
            KeyedStateStore store,
            Timers timers,
            Consumer<String> currentKey,
            Results results,
            Function<Outcomes, Pace> pace) {
        this.assumed = join.onTimeout();
        this.timeoutMillis = join.timeout().toMillis();
        this.problem = problem;
        waiting = new Shelf(store, "waiting", join.atMost());
        decided = new Shelf(store, "decided", join.atMost());
        early = new Shelf(store, "early", join.atMost());
        this.currentKey = currentKey;
        this.results = results;
        this.timers = timers.calling(new Due());
        this.pace = pace.apply(this);
    }

    @Override
    public void accept(Sample sample) throws Exception {
        if (sample.kind() == Kind.PREDICT || sample.kind() == Kind.LEARN) {
            pace.accept(sample);
        } else if (sample.labelled()) {
            label(sample);
        } else {
            event(sample);
        }
    }

    private void event(Sample event) throws Exception {
        Remembered label = find(early, event.id(), Fate.EVICTED_LABEL);
        if (label == null) {
            pace.accept(event);
            return;
        }
        forget(early, label);
        if (label.sample().time() > event.time() + timeoutMillis) {
            results.fate(Fate.LATE);
            pace.accept(event);
        } else {
            learnAtOnce(
                    event.with(label.sample().label(), Kind.BOTH),
                    label.sample().time());
        }
    }

    private void learnAtOnce(Sample event, long labelTime) throws Exception {
        results.fate(Fate.AWAITED);
        results.joined(labelTime - event.time());
        pace.accept(event);
    }

    /** Takes a label that came alone, or in a record with the features of its event. */
    private void label(Sample label) throws Exception {
        if (pace.holds(label.key())) {
            pace.flush(); // what came before the label is remembered with its outcome
            currentKey.accept(label.key());
        }
        Remembered event = remembered(label.id());
        if (event == null) {
            labelWithoutEvent(label);
        } else if (event.isExpired() || label.time() > due(event)) {
            results.fate(Fate.LATE);
        } else if (!event.sample().labelled()) {
            join(event, label);
        } else if (Arrays.equals(event.sample().label(), label.label())) {
            results.fate(Fate.TWICE);
        } else {
            correct(event, label.label());
        }
    }

    private @Nullable Remembered remembered(String id) throws Exception {
        Remembered event = find(waiting, id, Fate.EVICTED);
        return event != null ? event : find(decided, id, null);
    }

    /**
     * What a shelf has of an id, unless the job was changed since it came: what has other features or classes is forgotten.
     *
     * @param evicted the fate of what is forgotten; null if it had met its fate already
     */
    private @Nullable Remembered find(Shelf shelf, String id, @Nullable Fate evicted) throws Exception {
        Remembered thing = shelf.get(id);
        if (thing == null || fits(thing)) {
            return thing;
        }
        forget(shelf, thing);
        if (evicted != null) {
            results.fate(evicted);
        }
        return null;
    }

    private boolean fits(Remembered thing) {
        Sample sample = thing.sample();
        boolean features = sample.features().length == 0
                || problem.inputs().fault(sample.features()).isEmpty();
        boolean label = !sample.labelled() || problem.target().fits(sample.label());
        int scores = thing.scores().length;
        return features && label && (scores == 0 || scores == problem.target().scores());
    }

    private void labelWithoutEvent(Sample label) throws Exception {
        Remembered earlier = find(early, label.id(), Fate.EVICTED_LABEL);
        boolean alone = label.kind() == Kind.LABEL;
        boolean same = earlier != null && Arrays.equals(earlier.sample().label(), label.label());
        if (earlier != null) {
            results.fate(same ? Fate.TWICE : Fate.CORRECTED);
        } else if (alone) {
            results.fate(Fate.EARLY);
        }
        if (earlier != null && !(same && alone)) {
            forget(early, earlier);
        }
        if (!alone) {
            learnAtOnce(label, label.time());
        } else if (!same) {
            remember(early, Remembered.of(label), Fate.EVICTED_LABEL);
        }
    }

    private void join(Remembered event, Sample label) throws Exception {
        results.joined(label.time() - event.sample().time());
        results.score(label.key(), event.scores(), label.label(), event.previousLabel(), event.typicalLabel());
        forget(waiting, event);
        remember(decided, Remembered.of(event.sample().with(label.label(), Kind.BOTH)), null);
        pace.accept(event.sample().with(label.label(), Kind.LEARN));
    }

    private void correct(Remembered event, float[] label) throws Exception {
        results.fate(Fate.CORRECTED);
        decided.replace(Remembered.of(event.sample().with(label, Kind.BOTH)).at(event.number()));
        pace.accept(event.sample().with(label, Kind.LEARN));
    }

    /** Remembers an event that was executed; a step that was taken for a label changes nothing here. */
    @Override
    public void emit(Sample sample, Outcome outcome) throws Exception {
        results.emit(sample, outcome);
        if (sample.kind() != Kind.BOTH) {
            return;
        }
        currentKey.accept(sample.key());
        if (sample.labelled()) {
            remember(decided, Remembered.of(sample), null);
        } else if (remembered(sample.id()) != null) {
            results.fate(Fate.TWICE);
        } else if (outcome.status != Outcome.Status.REFUSED_SCORES) {
            results.fate(Fate.AWAITED);
            Remembered event =
                    new Remembered(0, sample, outcome.scores.clone(), outcome.previousLabel, results.typicalLabel());
            remember(waiting, event, Fate.EVICTED);
        }
    }

    /** When something is to be looked at again: at its timeout, or, after that, a timeout later. */
    private long due(Remembered thing) {
        return thing.sample().time() + (thing.isExpired() ? 2 : 1) * timeoutMillis;
    }

    /**
     * Puts something on a shelf.
     *
     * @param evicted the fate of what leaves the shelf for it; null if it had met its fate already
     */
    private void remember(Shelf shelf, Remembered thing, @Nullable Fate evicted) throws Exception {
        timers.registerEventTimeTimer(thing.sample().id(), due(thing));
        Remembered eldest = shelf.add(thing);
        if (eldest != null) {
            timers.deleteEventTimeTimer(eldest.sample().id(), due(eldest));
            if (evicted != null) {
                results.fate(evicted);
            }
        }
    }

    private void forget(Shelf shelf, Remembered thing) throws Exception {
        timers.deleteEventTimeTimer(thing.sample().id(), due(thing));
        shelf.remove(thing);
    }

    /** Ends what has waited long enough. */
    private final class Due implements Triggerable<String, String> {
        @Override
        public void onEventTime(InternalTimer<String, String> timer) throws Exception {
            String id = timer.getNamespace();
            Remembered label = find(early, id, Fate.EVICTED_LABEL);
            Remembered event = find(waiting, id, Fate.EVICTED);
            Remembered known = find(decided, id, null);
            if (label != null) {
                early.remove(label);
                results.fate(Fate.UNKNOWN);
            } else if (event != null) {
                never(event);
            } else if (known != null && known.isExpired()) {
                decided.remove(known);
            } else if (known != null) {
                decided.replace(known.expired());
                timers.registerEventTimeTimer(id, due(known.expired()));
            }
        }

        @Override
        public void onProcessingTime(InternalTimer<String, String> timer) {
            throw new IllegalStateException("only event time is waited for");
        }
    }

    private void never(Remembered event) throws Exception {
        results.fate(Fate.NEVER);
        waiting.remove(event);
        remember(decided, event.expired(), null);
        if (assumed.length > 0) {
            results.score(event.sample().key(), event.scores(), assumed, event.previousLabel(), event.typicalLabel());
            pace.accept(event.sample().with(assumed, Kind.LEARN));
        }
    }

    @Override
    public boolean holds(String key) {
        return pace.holds(key);
    }

    @Override
    public void flush() throws Exception {
        pace.flush();
    }

    @Override
    public void writeBack() throws Exception {
        pace.writeBack();
    }

    @Override
    public void release(String key) throws Exception {
        pace.release(key);
    }

    @Override
    public void close() {
        pace.close();
    }
}
