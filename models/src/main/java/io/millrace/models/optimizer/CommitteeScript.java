package io.millrace.models.optimizer;

import java.util.function.Consumer;

/**
 * Writes what a {@link Committee} does as TorchScript, for n rows at once. Nothing depends on a value, so that a device
 * does not wait for its host: who begins anew is a matter of which row is copied from where.
 *
 * <p>Names in scope: {@code whole} [n, row width] and {@code row} [n * members, part width], the same memory; {@code b}
 * [n * members, buffers].
 */
public final class CommitteeScript {
    private final int members;
    private final int memory; // in a part of the row
    private final int memoryInBuffers;
    private final int counters; // where they start in a part
    private final Consumer<String> statements;

    CommitteeScript(int members, int memory, int memoryInBuffers, int counters, Consumer<String> statements) {
        this.members = members;
        this.memory = memory;
        this.memoryInBuffers = memoryInBuffers;
        this.counters = counters;
        this.statements = statements;
    }

    private void add(String statement) {
        statements.accept(statement);
    }

    private String perMember(String tensor) {
        return tensor + ".view([-1, " + members + "])";
    }

    /**
     * Names {@code own} [n * members, {@value Auto#LENGTH}], what each member is, and {@code say} [n, members], its
     * weight.
     *
     * @param updates an expression [n], float64: how many the rows have had
     */
    public void weigh(String updates) {
        add("own = b[:, " + memoryInBuffers + ":" + (memoryInBuffers + Auto.LENGTH) + "].clone()");
        add("sums = " + perMember("own[:, " + Auto.LOSS + "]"));
        add("least = torch.amin(sums, [1], True)");
        add("before = torch.unsqueeze(" + updates + ", 1)");
        add("sharpness = torch.clamp(before / " + (double) Committee.FADING + ", max=1.) * "
                + (double) Committee.SHARPNESS);
        add("say = torch.exp((least - sums).double() * (sharpness / torch.clamp(least, min=" + Committee.LEAST_LOSS
                + ").double())).float()");
        add("say = say / torch.sum(say, [1], True)");
    }

    /** Names {@code mixed} [n, outputs]: NaN where no member's outputs are finite, and no say where its own are not. */
    public void mix(String outputs, int width) {
        add("sane = torch.all(torch.isfinite(" + outputs + "), 1)");
        add("say = torch.where(" + perMember("sane") + ", say, 0.)");
        add("said = torch.where(torch.unsqueeze(sane, 1), torch.detach(" + outputs + "), 0.).view([-1, " + members
                + ", " + width + "])");
        add("mixed = torch.sum(said * torch.unsqueeze(say, 2), [1]) / torch.sum(say, [1], True)");
    }

    /**
     * Names {@code sums}, the losses after an event, and {@code moves} and {@code source} [n, members]: who becomes a
     * copy of another member, and of which.
     *
     * @param sound name of a tensor [n, members]: whose step is taken
     * @param losses name of a tensor [n, members], each times the weight of the event
     */
    public void learnt(String sound, String losses) {
        add("place = torch.arange(" + members + ", dtype=4, device=slab.device)");
        add("sums = sums * " + Committee.KEPT + " + " + losses);
        add("sums = torch.where(" + sound + ", torch.clamp(sums, max=" + Committee.MOST_LOSS + "), inf)");
        add("least = torch.amin(sums, [1], True)");
        add("best = " + first("sums <= least"));
        add("review = torch.remainder(before + 1., " + (double) Committee.REVIEW + ") == 0.");
        add("ran = review & (sums > least * " + Committee.RUNAWAY + ") & (sums > " + (double) Committee.FADING + ")");
        add("retreats = (~(" + sound + ") | ran) & (place != best)");
        add("rivals = torch.where(place >= " + Committee.FIXED + ", sums, -1.)");
        add("worst = " + first("rivals >= torch.amax(rivals, [1], True)"));
        add("idle = (place >= " + Committee.FIXED + ") & (place == worst) & (say * " + (double) members + " < 1.)");
        add("explores = review & idle & (place != best) & ~retreats");
        add("moves = retreats | explores");
        add("source = torch.where(moves, best, place)");
    }

    /** An expression [n, 1] of the first member that a condition [n, members] holds for. */
    private String first(String condition) {
        return "torch.amin(torch.where(" + condition + ", place, " + members + "), [1], True)";
    }

    /**
     * Copies members to others, and says what they now are.
     *
     * @param drawn name of a tensor [n], int64, that fixes the random choices of this update
     * @param stride between the places of a draw
     */
    public void move(String drawn, long stride) {
        add("rates = " + perMember("own[:, " + Auto.RATE + "]"));
        add("kinds = " + perMember("own[:, " + Auto.ADAPTIVE + "]"));
        add("slow = torch.clamp(rates / " + Committee.STRIDE + ", min=" + Committee.LEAST_RATE + ")");
        add("model = torch.gather(rates, 1, source)");
        add("faster = (self.mix(" + drawn + ".unsqueeze(1) + place * " + stride + ") & 1) == 0");
        add("near = torch.where(faster, torch.clamp(model * " + Committee.STRIDE + ", max=" + Committee.MOST_RATE
                + "), torch.clamp(model / " + Committee.STRIDE + ", min=" + Committee.LEAST_RATE + "))");
        add("newRates = torch.where(retreats, slow, torch.where(explores, near, rates))");
        add("theirKinds = torch.gather(kinds, 1, source)");
        add("newKinds = torch.where(retreats, kinds, theirKinds)");
        String updates = perMember("own[:, " + Auto.UPDATES + "]");
        add("counts = torch.clamp(" + updates + " + kinds, max=" + Auto.MOST_UPDATES + ")");
        add("newCounts = torch.where(newKinds == theirKinds, torch.gather(counts, 1, source), 0.)");
        add("newSums = torch.gather(sums, 1, source)");
        String counted = "row[:, " + counters + ":torch.size(row, 1)]"; // belong to the row, whoever is copied
        add("counted = " + counted + ".clone()");
        String shift = "torch.arange(n, dtype=4, device=slab.device).unsqueeze(1) * " + members;
        add("row = torch.index_select(row, 0, (source + " + shift + ").flatten())");
        add("_ = torch.copy_(" + counted + ", counted)");
        add("whole = row.view(torch.size(whole))");
        add("now = torch.stack([newRates, newKinds, newSums, newCounts], 2).view([-1, " + Auto.LENGTH + "])");
        add("_ = torch.copy_(row[:, " + memory + ":" + (memory + Auto.LENGTH) + "], now)");
    }
}
