package io.millrace.models.program;

import io.millrace.models.program.Range.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Carries rows of one layout over to another: a range of the same section, name and shape keeps its numbers, optimizer
 * slots follow their parameters, and everything else begins as in a new model. A model alone becomes the start of every
 * member, if there are several now; the first of several members becomes the model, if it is alone now. Immutable.
 */
public final class Transfer {
    private static final String PARAMETERS = word(Section.PARAMETERS);

    /** @param part where the part of the row that it belongs to starts */
    private record Saved(String section, String name, List<Integer> shape, int at, int part) {
        boolean matches(Range range, String as) {
            return section.equals(word(range.section())) && name.equals(as) && shape.equals(range.shape());
        }

        int length() {
            return shape.stream().reduce(1, Math::multiplyExact);
        }
    }

    private record Copy(int from, int to, int length) {}

    private final int savedWidth;
    private final Layout layout;
    private final List<Copy> copies = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> begun = new ArrayList<>();

    private Transfer(int savedWidth, Layout layout) {
        this.savedWidth = savedWidth;
        this.layout = layout;
    }

    /**
     * The transfer from rows with a description to rows of a layout.
     *
     * @param saved as {@link Layout#describe} wrote it
     * @throws IllegalArgumentException if it describes no layout
     */
    public static Transfer of(String saved, Layout layout) {
        List<Saved> ranges = parse(saved);
        Transfer transfer = new Transfer(width(ranges), layout);
        if (!saved.endsWith("width " + transfer.savedWidth + "\n")) {
            throw new IllegalArgumentException("the saved layout's ranges do not add up to its width");
        }
        List<Range> parameters = new ArrayList<>(); // of the part at hand
        Section section = Section.COUNTERS;
        for (Range range : layout.ranges()) {
            if (range.section() == Section.PARAMETERS) {
                if (section != Section.PARAMETERS) {
                    parameters.clear();
                }
                parameters.add(range);
            }
            section = range.section();
            if (section == Section.SLOTS) {
                transfer.slot(range, parameters, ranges);
            } else {
                transfer.range(range, ranges);
            }
        }
        return transfer;
    }

    private void range(Range range, List<Saved> ranges) {
        Optional<Saved> same = find(ranges, range);
        same.ifPresent(saved -> copies.add(new Copy(saved.at, layout.at(range), range.length())));
        (same.isPresent() ? kept : begun).add(range.name());
    }

    /** The saved range of a name; for one of several members, else that of a model alone. */
    private static Optional<Saved> find(List<Saved> ranges, Range range) {
        String alone = Layout.alone(range.name());
        return ranges.stream()
                .filter(each -> each.matches(range, range.name()))
                .findFirst()
                .or(() -> ranges.stream()
                        .filter(each -> each.matches(range, alone))
                        .findFirst());
    }

    /** Copies what the optimizer remembers of each parameter that is kept, from the same part of the row. */
    private void slot(Range slot, List<Range> parameters, List<Saved> ranges) {
        Optional<Saved> same = ranges.stream()
                .filter(each -> each.section.equals(word(Section.SLOTS)) && each.name.equals(slot.name()))
                .findFirst()
                .or(() -> ranges.stream()
                        .filter(each ->
                                each.section.equals(word(Section.SLOTS)) && each.name.equals(Layout.alone(slot.name())))
                        .findFirst());
        for (Range parameter : parameters) {
            Optional<Saved> from = find(ranges, parameter);
            if (same.isPresent() && from.isPresent() && same.get().part == from.get().part) {
                int within = layout.at(parameter) - layout.at(parameters.get(0));
                copies.add(new Copy(
                        same.get().at + from.get().at - from.get().part, layout.at(slot) + within, parameter.length()));
            }
        }
        (same.isPresent() ? kept : begun).add(slot.name());
    }

    private static List<Saved> parse(String text) {
        List<Saved> ranges = new ArrayList<>();
        int at = 0;
        int part = 0;
        String section = "";
        for (String line : text.split("\n", -1)) {
            int name = line.indexOf(' ');
            int shape = line.lastIndexOf(" [");
            if (name > 0 && shape > name) {
                String next = line.substring(0, name);
                at = next.equals(section) ? at : Layout.padded(at);
                part = next.equals(PARAMETERS) && !section.equals(PARAMETERS) ? at : part;
                section = next;
                Saved saved =
                        new Saved(section, line.substring(name + 1, shape), shape(line.substring(shape + 2)), at, part);
                ranges.add(saved);
                at = Math.addExact(at, saved.length());
            }
        }
        return ranges;
    }

    private static List<Integer> shape(String text) {
        try {
            return Arrays.stream(text.substring(0, text.length() - 1).split(", ", -1))
                    .map(Integer::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("[" + text + " is no shape of a saved range", e);
        }
    }

    private static int width(List<Saved> ranges) {
        Saved last = ranges.isEmpty() ? new Saved("", "", List.of(0), 0, 0) : ranges.get(ranges.size() - 1);
        return Layout.padded(last.at + last.length());
    }

    private static String word(Section section) {
        return section.name().toLowerCase(Locale.ROOT);
    }

    /** Floats of a row before. */
    public int savedWidth() {
        return savedWidth;
    }

    /** The row that a saved one becomes, a fresh array. */
    public float[] apply(float[] saved) {
        float[] row = layout.initialRow();
        for (Copy copy : copies) {
            System.arraycopy(saved, copy.from, row, copy.to, copy.length);
        }
        return row;
    }

    /** What is carried over and what begins anew, in words. */
    @Override
    public String toString() {
        return "carried over: " + String.join(", ", kept) + "; begun anew: "
                + (begun.isEmpty() ? "nothing" : String.join(", ", begun));
    }
}
