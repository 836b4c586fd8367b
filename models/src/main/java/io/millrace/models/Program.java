package io.millrace.models;

import io.millrace.models.drift.Lookout;
import io.millrace.models.drift.OnDrift;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Embed;
import io.millrace.models.layer.InitialWeights;
import io.millrace.models.layer.Layer;
import io.millrace.models.loss.Loss;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Committee;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.program.Head;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Noise;
import io.millrace.models.program.Range;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import io.millrace.models.spec.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model compiled for a problem: the layout of its row and the stages that compute with it. Immutable; executors
 * run it.
 *
 * <p>The counters of a row: the number of updates as two floats (a float counts to 2^24 only), a salt that makes the
 * random choices of each key its own, the last label, for the no-change baseline, how many steps in a row were refused,
 * and when the last labelled event was.
 */
public final class Program {
    /** A gradient with a larger Euclidean norm is refused: its square would leave the range of a float. */
    public static final double LARGEST_GRADIENT = 1e15;

    /** Where the low float of the number of updates overflows into the high one. */
    public static final int LOW = 1 << 24;

    /** The time of the last labelled event of a row that has had none. */
    public static final long NEVER = Long.MIN_VALUE;

    private final ModelSpec spec;
    private final Problem problem;
    private final Layout layout;
    private final Layout member;
    private final @Nullable Committee committee;
    private final List<Stage> stages;
    private final Head head;
    private final int updates;
    private final int salt;
    private final int lastLabel;
    private final int refusals;
    private final int lastSeen;
    private final OnDrift.@Nullable Places drift;

    private Program(
            ModelSpec spec,
            Problem problem,
            Layout member,
            List<Stage> stages,
            Head head,
            Range updates,
            Range salt,
            Range lastLabel,
            Range refusals,
            Range lastSeen,
            OnDrift.@Nullable Places drift) {
        this.spec = spec;
        this.problem = problem;
        this.member = member;
        if (spec.optimizer() instanceof Auto auto) {
            committee = new Committee(auto.candidates(), member);
            layout = member.beside(member.find(Auto.MEMORY).orElseThrow(), auto.starts());
        } else {
            committee = null;
            layout = member;
        }
        this.stages = List.copyOf(stages);
        this.head = head;
        this.updates = layout.at(updates);
        this.salt = layout.at(salt);
        this.lastLabel = layout.at(lastLabel);
        this.refusals = layout.at(refusals);
        this.lastSeen = layout.at(lastSeen);
        this.drift = drift;
    }

    /**
     * Lays a model out for a problem.
     *
     * @throws IllegalArgumentException if a layer does not fit its input, naming its position, or the loss the target
     */
    public static Program compile(ModelSpec spec, Problem problem) {
        Layout.Builder layout = new Layout.Builder(spec.seed());
        List<Stage> stages = new ArrayList<>();
        Shape shape = Shape.features(problem.inputs().width(), problem.inputs().numeric());
        if (!problem.inputs().categories().isEmpty()) {
            stages.add(Embed.compile(new Site(layout, "embedding", shape), problem.inputs()));
            shape = stages.get(0).output();
        }
        for (int position = 0; position < spec.layers().size(); position++) {
            Layer layer = spec.layers().get(position);
            String name = position + "." + Settings.term(layer.getClass());
            try {
                stages.add(layer.compile(new Site(layout, name, shape)));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new IllegalArgumentException(
                        "layers[" + position + "] " + Settings.term(layer.getClass()) + ": " + e.getMessage(), e);
            }
            shape = stages.get(stages.size() - 1).output();
        }
        Loss loss = spec.loss() != null ? spec.loss() : Loss.of(problem.target());
        Head head = loss.compile(problem.target(), new Site(layout, "loss", shape));
        stages.add(new Dense(head.outputs(), InitialWeights.ZEROS).compile(new Site(layout, "output", shape)));
        if (spec.schedule().memory() > 0) {
            layout.add(
                    Section.BUFFERS,
                    Schedule.MEMORY,
                    Initializer.ZEROS,
                    spec.schedule().memory());
        }
        if (spec.optimizer() instanceof Auto) {
            Auto.reserve(layout);
        }
        Range updates = layout.add(Section.COUNTERS, "updates", Initializer.ZEROS, 2);
        Range salt = layout.add(Section.COUNTERS, "salt", Initializer.ZEROS, 1);
        Range lastLabel = layout.add(Section.COUNTERS, "last-label", Initializer.ZEROS, 2);
        Range refusals = layout.add(Section.COUNTERS, "refusals", Initializer.ZEROS, 1);
        Range lastSeen = layout.add(Section.COUNTERS, "last-seen", Initializer.ZEROS, 2);
        OnDrift onDrift = spec.onDrift();
        OnDrift.Places drift = onDrift == null ? null : onDrift.compile(problem.target(), layout);
        Layout rows = layout.build(spec.optimizer().slots());
        return new Program(spec, problem, rows, stages, head, updates, salt, lastLabel, refusals, lastSeen, drift);
    }

    public ModelSpec spec() {
        return spec;
    }

    public Problem problem() {
        return problem;
    }

    public Layout layout() {
        return layout;
    }

    /**
     * The layout of one member's part of the row, from its start; the row's own if there is one member. The members'
     * parts lie behind one another; the first also holds what belongs to the row as a whole, the counters.
     */
    public Layout member() {
        return member;
    }

    /** How many members the row has: learners side by side. */
    public int members() {
        return committee == null ? 1 : committee.members();
    }

    /** How members predict together; null if there is a single one. */
    public @Nullable Committee committee() {
        return committee;
    }

    /** How much each member counts in a row's prediction, [members]; they sum to 1. */
    public double[] weights(float[] row) {
        double[] weights = {1};
        if (committee != null) {
            weights = new double[committee.members()];
            committee.weights(row, updates(row), weights);
        }
        return weights;
    }

    /** From the features to the outputs of the network, in order; the last is the output layer. */
    public List<Stage> stages() {
        return stages;
    }

    public Head head() {
        return head;
    }

    /** True if NaN in a feature reaches a stage that knows it as missing; otherwise it must become 0. */
    public boolean acceptsMissing() {
        int first = problem.inputs().categories().isEmpty() ? 0 : 1;
        return stages.get(first).acceptsMissing();
    }

    /** True if learning needs a forward pass of its own. */
    public boolean stochastic() {
        return stages.stream().anyMatch(Stage::stochastic);
    }

    /** The row of a key's new model: equal for all keys but for the salt. */
    public float[] initialRow(String key) {
        float[] row = layout.initialRow();
        row[salt] = Noise.mix((key.hashCode() * 31L + Long.hashCode(spec.seed())) & Noise.WORD) >>> 8;
        return row;
    }

    /** What rows remember of their errors; null if the model does not answer drift. */
    public OnDrift.@Nullable Places drift() {
        return drift;
    }

    /** The watch over the errors of rows, new for one thread; null if the model does not answer drift. */
    public @Nullable Lookout lookout() {
        return drift == null ? null : drift.lookout(layout);
    }

    /** How often the errors of a row were found to have risen; 0 if nobody looks. */
    public long alarms(float[] row) {
        return drift == null ? 0 : drift.alarms(row, layout);
    }

    /** Makes a row another one, but for what it knows of its key: salt, last label and time, number of alarms. */
    public void reset(float[] row, float[] other) {
        float ownSalt = row[salt];
        float label = row[lastLabel];
        float labelled = row[lastLabel + 1];
        float seen = row[lastSeen];
        float seenHigh = row[lastSeen + 1];
        float alarms = alarms(row);
        System.arraycopy(other, 0, row, 0, row.length);
        row[salt] = ownSalt;
        row[lastLabel] = label;
        row[lastLabel + 1] = labelled;
        row[lastSeen] = seen;
        row[lastSeen + 1] = seenHigh;
        if (drift != null) {
            row[layout.at(drift.alarms())] = alarms;
        }
    }

    /** A key's row with the parameters, slots and buffers of another; its counters are those of a new model. */
    public float[] rowFrom(float[] other, String key) {
        float[] row = initialRow(key);
        for (int at = 0; at < row.length; at += member.width()) {
            System.arraycopy(other, at, row, at, member.start(Section.COUNTERS));
        }
        return row;
    }

    /** How many updates a row has had. */
    public long updates(float[] row) {
        return updates(row[updates], row[updates + 1]);
    }

    /** The number of updates from its two floats. */
    public static long updates(float low, float high) {
        return ((long) high) * LOW + ((long) low);
    }

    /** Where the number of updates lies: a float below 2^24, then how often it has overflowed. */
    public int updatesAt() {
        return updates;
    }

    /** Where the salt lies: a whole number below 2^24. */
    public int saltAt() {
        return salt;
    }

    /** Where the last label lies: the label, then 1 once there has been one. */
    public int lastLabelAt() {
        return lastLabel;
    }

    /** Counts one update. */
    public void countUpdate(float[] row) {
        if (++row[updates] == LOW) {
            row[updates] = 0;
            row[updates + 1]++;
        }
    }

    /** The label last seen, as one number: see {@link Target#point}; NaN before the first. */
    public float lastLabel(float[] row) {
        return row[lastLabel + 1] == 0 ? Float.NaN : row[lastLabel];
    }

    /** Remembers the label last seen, [target.labelWidth], as one number. */
    public void lastLabel(float[] row, float[] label) {
        row[lastLabel] = problem.target().point(label);
        row[lastLabel + 1] = 1;
    }

    /** How many steps the row was refused since it last took one. */
    public int refusals(float[] row) {
        return (int) row[refusals];
    }

    /** Notes how many steps the row was refused since it last took one; more than 2^24 count as 2^24. */
    public void refusals(float[] row, int count) {
        row[refusals] = Math.min(count, LOW);
    }

    /** Time of the row's last labelled event, milliseconds since 1970 UTC; {@link #NEVER} if it has had none. */
    public long lastSeen(float[] row) {
        boolean never = row[lastSeen] == 0 && row[lastSeen + 1] == 0;
        return never ? NEVER : (long) row[lastSeen] + ((long) row[lastSeen + 1] - 1) * LOW;
    }

    /**
     * Notes the time of the row's last labelled event.
     *
     * @param millis since 1970 UTC; exact within 2^48 of it, some 8,900 years
     */
    public void lastSeen(float[] row, long millis) {
        row[lastSeen] = Math.floorMod(millis, (long) LOW);
        row[lastSeen + 1] = Math.floorDiv(millis, (long) LOW) + 1;
    }

    /** Makes a row one that has had no labelled event. */
    public void neverSeen(float[] row) {
        row[lastSeen] = 0;
        row[lastSeen + 1] = 0;
    }

    /** The word that fixes a row's random choices in its next update, in [0, 2^32). */
    public long draw(float[] row) {
        return Noise.at((long) row[salt], updates(row));
    }
}
