package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several learners of one model, side by side in its row: they start alike, learn every event with Adam or plain
 * gradient descent at rates of their own, and predict together. See {@link Committee}.
 *
 * <p>What a learner is lies in its part of the row, so that all take the same step.
 */
@Term(value = "auto", about = "Several learners at rates of their own, combined by recent loss; nothing to tune.")
public record Auto(
        @Setting(
                value = "Learners side by side; each costs as much as one alone.",
                byDefault = "3",
                atLeast = 2,
                atMost = 8)
        int candidates)
        implements Optimizer {
    /** Name of the range of a learner's part of a row that says what it is. */
    public static final String MEMORY = "auto";

    /** Where the range has the learning rate. */
    static final int RATE = 0;

    /** Where it has 1 for Adam, 0 for plain gradient descent. */
    static final int ADAPTIVE = 1;

    /** Where it has the learner's losses, summed and faded. */
    static final int LOSS = 2;

    /** Where it has how many updates the slots have had, at most 2^24; before the first, what they hold is void. */
    static final int UPDATES = 3;

    /** Length of the range. */
    static final int LENGTH = 4;

    static final float MOST_UPDATES = 1 << 24; // Adam's corrections are 1 long before
    private static final Adam ADAM = new Adam(1);

    private static final List<Candidate> CANDIDATES = List.of(
            new Candidate(true, 0.003f),
            new Candidate(false, 0.1f),
            new Candidate(false, 0.03f),
            new Candidate(true, 0.01f),
            new Candidate(true, 0.001f),
            new Candidate(false, 0.3f),
            new Candidate(true, 0.0003f),
            new Candidate(false, 0.01f));

    private record Candidate(boolean adaptive, float rate) {}

    public Auto {
        Settings.check(Auto.class, candidates);
    }

    /** Three learners. */
    public Auto() {
        this(3);
    }

    /** Adds the range that says what a learner is to a layout; its numbers are those of {@link #starts}. */
    public static void reserve(Layout.Builder layout) {
        layout.add(Section.BUFFERS, MEMORY, (values, shape, random) -> {}, LENGTH);
    }

    /** What the range holds at first, for each candidate. */
    public List<float[]> starts() {
        return IntStream.range(0, candidates)
                .mapToObj(CANDIDATES::get)
                .map(each -> new float[] {each.rate, each.adaptive ? 1 : 0, 0, 0})
                .toList();
    }

    @Override
    public List<String> slots() {
        return ADAM.slots();
    }

    @Override
    public Descent descent(Layout layout) {
        return new Step(layout);
    }

    @Override
    public void script(Tensors tensors) {
        String m = tensors.slot(0);
        String v = tensors.slot(1);
        String adaptive = tensors.let("own[:, " + ADAPTIVE + ":" + (ADAPTIVE + 1) + "] > 0.");
        String rate = tensors.let("own[:, " + RATE + ":" + (RATE + 1) + "]");
        String before = tensors.let("own[:, " + UPDATES + ":" + (UPDATES + 1) + "]");
        String update = tensors.let("torch.clamp(" + before + " + 1., max=" + MOST_UPDATES + ").double()");
        String known = tensors.let("(" + before + " > 0.).float()"); // before the first update slots are void
        for (String slot : List.of(m, v)) {
            double decay = slot.equals(m) ? ADAM.beta1() : ADAM.beta2();
            tensors.let(slot + ".mul_(torch.where(" + adaptive + ", " + known + " * " + decay + ", 1.))");
        }
        tensors.let(m + ".addcmul_(g, torch.where(" + adaptive + ", " + (1 - ADAM.beta1()) + ", 0.).float())");
        String share = Math.sqrt(1 - ADAM.beta2()) + "";
        String part = tensors.let("g * torch.where(" + adaptive + ", " + share + ", 0.).float()");
        tensors.let(v + ".addcmul_(" + part + ", " + part + ")");
        tensors.let(Tiny.drop(m, Tiny.MEAN));
        tensors.let(Tiny.drop(v, Tiny.SQUARE));
        tensors.slot(0, m);
        tensors.slot(1, v);
        String pace = tensors.let(rate + " / (1. - " + ADAM.beta1() + " ** " + update + ").float()");
        String scale = tensors.let("torch.rsqrt(1. - " + ADAM.beta2() + " ** " + update + ").float()");
        String root = tensors.let("(torch.sqrt(" + v + ") * " + scale + " + " + ADAM.epsilon() + ") / " + pace);
        String along = tensors.let("torch.where(" + adaptive + ", " + m + ", g)");
        String over = tensors.let("torch.where(" + adaptive + ", " + root + ", 1. / " + rate + ")");
        tensors.let("p.addcdiv_(" + along + ", " + over + ", value=-1.)");
        tensors.parameters("p");
    }

    private static final class Step implements Descent {
        private final Sgd.Step plain;
        private final Adam.Step adam;
        private final int memory;
        private final int slots;
        private final int slotsEnd;
        private boolean adaptive;
        private float rate;

        Step(Layout layout) {
            plain = new Sgd.Step(1);
            adam = new Adam.Step(ADAM, layout.slot(0), layout.slot(1));
            memory = layout.at(layout.find(MEMORY).orElseThrow());
            slots = layout.at(layout.find(ADAM.slots().get(0)).orElseThrow());
            slotsEnd = slots + ADAM.slots().size() * layout.parameters();
        }

        @Override
        public void begin(float[] row, long update, double loss, double squaredGradient) {
            rate = row[memory + RATE];
            adaptive = row[memory + ADAPTIVE] > 0;
            if (adaptive) {
                if (row[memory + UPDATES] == 0) {
                    Arrays.fill(row, slots, slotsEnd, 0);
                }
                row[memory + UPDATES] = Math.min(row[memory + UPDATES] + 1, MOST_UPDATES);
                adam.begin((long) row[memory + UPDATES], rate);
            }
        }

        @Override
        public void step(float[] row, int at, int count, float[] gradient, int from, float scale) {
            if (adaptive) {
                adam.step(row, at, count, gradient, from, scale);
            } else {
                plain.step(row, at, count, gradient, from, scale * rate);
            }
        }
    }
}
