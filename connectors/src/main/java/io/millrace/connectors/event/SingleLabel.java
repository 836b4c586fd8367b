package io.millrace.connectors.event;

import io.millrace.models.spec.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A label in one field: the index of its class, or its value. */
final class SingleLabel implements LabelReader {
    private static final int LISTED = 12;
    private final List<String> classes; // empty for regression
    private final Map<String, Integer> indices = new HashMap<>();
    private final String named; // the classes in a message
    private final double[] numbers; // what each class is as a number, NaN if it is none

    SingleLabel(Label label) {
        classes = label.classes() == null ? List.of() : label.classes();
        classes.forEach(name -> indices.put(name, indices.size()));
        named = classes.size() <= LISTED ? "the classes " + classes : "the " + classes.size() + " classes";
        numbers = classes.stream().mapToDouble(Text::number).toArray();
    }

    @Override
    public float[] read(Fields fields, int[] slots) throws BadEvent {
        int slot = slots[0];
        if (fields.missing(slot)) {
            return UNKNOWN;
        }
        return new float[] {classes.isEmpty() ? fields.single(slot) : index(fields, slot)};
    }

    private int index(Fields fields, int slot) throws BadEvent {
        boolean numeric = fields.numeric(slot);
        double number = numeric ? fields.number(slot) : Double.NaN;
        for (int index = 0; numeric && index < numbers.length; index++) {
            if (numbers[index] == number) {
                return index;
            }
        }
        String text = fields.text(slot);
        Integer index = indices.get(text);
        if (index == null) {
            throw fields.bad(slot, "is not one of " + named + Nearest.question(Text.shortened(text), classes));
        }
        return index;
    }
}
