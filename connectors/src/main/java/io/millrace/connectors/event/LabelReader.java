package io.millrace.connectors.event;

/** Turns the fields with the label into what a model learns. */
interface LabelReader {
    /** A label that is not known. */
    float[] UNKNOWN = {};

    /**
     * The label of one event.
     *
     * @param slots of the label's fields, in their order
     * @return [target.labelWidth], or [0] if it is missing
     * @throws BadEvent naming what does not fit
     */
    float[] read(Fields fields, int[] slots) throws BadEvent;

    /** A reader of labels. */
    static LabelReader of(Label label) {
        return label.fields() == null ? new SingleLabel(label) : new SoftLabel(label.fields());
    }
}
