package io.millrace.connectors.event;

import java.util.List;

/** A label in a field per class, each of which holds the probability of its class. */
final class SoftLabel implements LabelReader {
    /** How far from 1 the sum may be: probabilities are often written with three digits. */
    private static final double SLACK = 1e-3;

    private final String sum; // of the fields, in a message

    SoftLabel(List<String> fields) {
        sum = String.join(" + ", fields);
    }

    /** Scales the probabilities to a sum of 1. */
    @Override
    public float[] read(Fields fields, int[] slots) throws BadEvent {
        if (missing(fields, slots)) {
            return UNKNOWN;
        }
        double[] probabilities = new double[slots.length];
        double total = 0;
        for (int i = 0; i < slots.length; i++) {
            probabilities[i] = probability(fields, slots[i]);
            total += probabilities[i];
        }
        if (!(Math.abs(total - 1) <= SLACK)) {
            throw new BadEvent(sum + "=" + total + " must be 1, they are the probabilities of the classes");
        }
        float[] label = new float[slots.length];
        for (int i = 0; i < slots.length; i++) {
            label[i] = (float) (probabilities[i] / total);
        }
        return label;
    }

    private static boolean missing(Fields fields, int[] slots) {
        for (int slot : slots) {
            if (!fields.missing(slot)) {
                return false;
            }
        }
        return true;
    }

    private static double probability(Fields fields, int slot) throws BadEvent {
        if (fields.missing(slot)) {
            throw fields.bad(slot, "must be given, as probabilities of other classes are");
        }
        double probability = fields.number(slot);
        if (probability < 0) {
            throw fields.bad(slot, "must be >= 0, it is the probability of a class");
        }
        return probability;
    }
}
