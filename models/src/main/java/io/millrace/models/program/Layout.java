package io.millrace.models.program;

import io.millrace.models.program.Range.Section;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Where everything of one model lies in its row: {@code [parameters | slots | buffers | counters]}.
 *
 * <p>Each section starts at a multiple of 16 floats. A slot section mirrors the parameters: the n-th slot of the
 * parameter at {@code at} lies at {@code slot(n) + at}.
 */
public final class Layout {
    /** The most floats of a row: one array of bytes must hold it. */
    public static final int WIDEST = Integer.MAX_VALUE / Float.BYTES;

    private static final int PAD = 16;
    private static final String MEMBER = "member-"; // begins the names of the second part's ranges, the third's, ...

    private final List<Range> ranges;
    private final Map<Section, Integer> starts;
    private final int parameters;
    private final float[] initial;
    private final int place; // in the row, if it is that of a longer layout

    private Layout(List<Range> ranges, Map<Section, Integer> starts, int parameters, float[] initial, int place) {
        this.ranges = List.copyOf(ranges);
        this.starts = starts;
        this.parameters = parameters;
        this.initial = initial;
        this.place = place;
    }

    /** The same layout, of a part of a row that starts at a place of it. */
    public Layout from(int place) {
        return new Layout(ranges, starts, parameters, initial, place);
    }

    /**
     * The layout of rows of several parts that each have this one, behind one another. The names of all parts but the
     * first say which it is; of their counters, which nobody counts, they are silent.
     *
     * @param range that differs between the parts at first
     * @param starts what it holds in each part
     */
    public Layout beside(Range range, List<float[]> starts) {
        float[] row = new float[bounded((long) width() * starts.size())];
        List<Range> all = new ArrayList<>();
        for (int part = 0; part < starts.size(); part++) {
            int from = part * width();
            System.arraycopy(initial, 0, row, from, width());
            System.arraycopy(starts.get(part), 0, row, from + at(range), range.length());
            all.addAll(part == 0 ? ranges : moved(MEMBER + part + ".", from));
        }
        return new Layout(all, this.starts, parameters, row, 0);
    }

    /** The name that a range has in a layout of one part. */
    static String alone(String name) {
        return name.startsWith(MEMBER) ? name.substring(name.indexOf('.') + 1) : name;
    }

    private List<Range> moved(String prefix, int by) {
        List<Range> moved = new ArrayList<>();
        for (Range range : ranges) {
            if (range.section() != Section.COUNTERS) {
                moved.add(new Range(
                        range.section(), prefix + range.name(), range.shape(), range.offset() + by, range.units()));
            }
        }
        moved.add(new Range(Section.COUNTERS, prefix + "unused", List.of(length(Section.COUNTERS)), by, -1));
        return moved;
    }

    /** Every range, in the order of the row. */
    public List<Range> ranges() {
        return ranges;
    }

    /** The range of a name; none if there is no such range. */
    public Optional<Range> find(String name) {
        return ranges.stream().filter(range -> range.name().equals(name)).findFirst();
    }

    /** Number of floats in a row, a multiple of 16. */
    public int width() {
        return initial.length;
    }

    /** Number of floats in the parameter section, a multiple of 16. */
    public int parameters() {
        return parameters;
    }

    /** Where a range starts in the row. */
    public int at(Range range) {
        return place + start(range.section()) + range.offset();
    }

    /** Where a section starts in the row. */
    public int start(Section section) {
        return starts.getOrDefault(section, 0);
    }

    /** Number of floats in a section, a multiple of 16. */
    public int length(Section section) {
        return padded(ranges.stream()
                .filter(range -> range.section() == section)
                .mapToInt(range -> range.offset() + range.length())
                .max()
                .orElse(0));
    }

    /** A number of floats that a row may have. */
    private static int bounded(long floats) {
        if (floats > WIDEST) {
            throw new IllegalArgumentException(
                    "a model of " + floats + " floats is too large: at most " + WIDEST + " (2 GiB) are possible");
        }
        return (int) floats;
    }

    /** So many floats, or the few more with which the next section starts at its place. */
    static int padded(int length) {
        return Math.multiplyExact(Math.addExact(length, PAD - 1) / PAD, PAD);
    }

    /** Where the n-th optimizer slot starts, counted from 0. */
    public int slot(int n) {
        return start(Section.SLOTS) + n * parameters;
    }

    /** A fresh row: seeded parameters, empty slots, buffers and counters. */
    public float[] initialRow() {
        return initial.clone();
    }

    /** One line per range: section, name and shape. Equal descriptions mean interchangeable rows. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (Range range : ranges) {
            text.append(range.section().name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(range.name())
                    .append(' ')
                    .append(range.shape())
                    .append('\n');
        }
        return text.append("width ").append(width()).append('\n').toString();
    }

    /** The first place where another layout's description differs from this one's, in words; empty if none does. */
    public String difference(String saved) {
        return difference(saved, describe());
    }

    /** The first place where two layouts' descriptions differ, in words; empty if they are equal. */
    public static String difference(String saved, String now) {
        String[] before = saved.split("\n", -1);
        String[] after = now.split("\n", -1);
        int same = Arrays.mismatch(before, after);
        if (same < 0) {
            return "";
        }
        return "where the saved rows have '" + at(before, same) + "', the job's have '" + at(after, same) + "'";
    }

    private static String at(String[] lines, int line) {
        return line < lines.length && !lines[line].isEmpty() ? lines[line] : "nothing";
    }

    /** Sixteen hex digits that differ whenever {@link #describe} does. */
    public String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(describe().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Collects ranges while a model is compiled. */
    public static final class Builder {
        private record Filled(Range range, float[] values) {}

        private final List<Filled> filled = new ArrayList<>();
        private final Map<Section, Integer> lengths = new EnumMap<>(Section.class);
        private final long seed;

        public Builder(long seed) {
            this.seed = seed;
        }

        /** Appends a range; its values are drawn from the seed and the range's place alone. */
        public Range add(Section section, String name, Initializer initializer, Integer... shape) {
            return add(new Range(section, name, List.of(shape), lengths.getOrDefault(section, 0), -1), initializer);
        }

        /** Appends parameters that are incoming weights. */
        Range addWeights(String name, Initializer initializer, int units, Integer... shape) {
            return add(
                    new Range(
                            Section.PARAMETERS,
                            name,
                            List.of(shape),
                            lengths.getOrDefault(Section.PARAMETERS, 0),
                            units),
                    initializer);
        }

        private Range add(Range range, Initializer initializer) {
            if (filled.stream().anyMatch(other -> other.range.name().equals(range.name()))) {
                throw new IllegalStateException("range " + range.name() + " is declared twice");
            }
            bounded(lengths.values().stream().mapToLong(Integer::longValue).sum() + range.floats());
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed + filled.size());
            float[] values = new float[range.length()];
            initializer.fill(values, range.shape(), random);
            filled.add(new Filled(range, values));
            lengths.put(range.section(), Math.addExact(range.offset(), values.length));
            return range;
        }

        /** Completes the row with one slot section per name. */
        public Layout build(List<String> slots) {
            int parameters = padded(lengths.getOrDefault(Section.PARAMETERS, 0));
            for (String slot : slots) {
                add(Section.SLOTS, slot, Initializer.ZEROS, parameters);
            }
            Map<Section, Integer> starts = new EnumMap<>(Section.class);
            int width = 0;
            for (Section section : Section.values()) {
                starts.put(section, width);
                width = Math.addExact(width, padded(lengths.getOrDefault(section, 0)));
            }
            float[] initial = new float[bounded(width)];
            List<Range> ranges = new ArrayList<>();
            for (Section section : Section.values()) {
                for (Filled each : filled) {
                    if (each.range.section() == section) {
                        ranges.add(each.range);
                        int at = starts.getOrDefault(section, 0) + each.range.offset();
                        System.arraycopy(each.values, 0, initial, at, each.values.length);
                    }
                }
            }
            return new Layout(ranges, starts, parameters, initial, 0);
        }
    }
}
