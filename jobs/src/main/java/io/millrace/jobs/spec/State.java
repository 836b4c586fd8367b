package io.millrace.jobs.spec;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import io.millrace.operators.Prior;
import io.millrace.operators.RefusedSteps;
import io.millrace.operators.StatePlan;
import io.millrace.state.LayoutChange;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How models are kept while the job runs. */
@Term(value = "state", about = "How models are kept while the job runs.")
public record State(
        @Setting(
                value = "Where models are kept: as objects on the heap (hashmap), or as bytes in memory and on disk"
                        + " (rocksdb); Flink's own choice when left out.",
                optional = true)
        @Nullable
        Backend backend,

        @Setting(
                value = "Memory of one learner for live models, in front of rocksdb or in PyTorch's memory.",
                byDefault = "256 MB")
        Bytes cache,

        @Setting(
                value = "Event time without a labelled event after which a model is forgotten and its key begins anew;"
                        + " never when left out.",
                optional = true,
                atLeast = 0.001,
                atMost = 3153600000L)
        @Nullable
        Duration ttl,

        @Setting(
                value = "What the models of new keys begin with; seeded random parameters when left out.",
                optional = true)
        @Nullable
        Prior prior,

        @Setting(
                value = "Directory of one complete snapshot, as a path or file: URI: keys that have a model in it begin"
                        + " with that.",
                optional = true,
                atLeast = 1)
        @Nullable
        String warmStart,

        @Setting(
                value = "What is done about a model that refuses one step after the other; nothing when left out.",
                optional = true)
        @Nullable
        RefusedSteps onRefusedSteps,

        @Setting(
                value = "What is done when the job continues from models of another layout: refuse, transfer the ranges"
                        + " of the same name and shape, or restart all models.",
                byDefault = "refuse")
        LayoutChange onLayoutChange)
        implements Serializable {

    /** One of Flink's state back ends, by Flink's own names. */
    public enum Backend {
        /** Objects on the heap: all models must fit. */
        HASHMAP,
        /** Bytes in memory and on disk, with incremental checkpoints. */
        ROCKSDB
    }

    public State {
        Settings.check(State.class, backend, cache, ttl, prior, warmStart, onRefusedSteps, onLayoutChange);
    }

    /** What a learner is told of it. */
    public StatePlan plan() {
        return new StatePlan(cache.count(), ttl, prior, warmStart, onRefusedSteps, onLayoutChange);
    }
}
