package io.millrace.models.program;

import io.millrace.models.program.Range.Section;

/** Where a layer stands while a model is compiled: its position, its input, and the ranges it asks for. */
public final class Site {
    private final Layout.Builder layout;
    private final String name;
    private final Shape input;

    /**
     * @param layout collects the ranges
     * @param name prefix of the ranges, as in {@code 1.dense}
     * @param input what flows in
     */
    public Site(Layout.Builder layout, String name, Shape input) {
        this.layout = layout;
        this.name = name;
        this.input = input;
    }

    /** What flows in. */
    public Shape input() {
        return input;
    }

    /** The place of a layer within this one. */
    public Site inner(String inner, Shape input) {
        return new Site(layout, name + "." + inner, input);
    }

    /** A range that the optimizer moves. */
    public Range parameter(String parameter, Initializer initializer, Integer... shape) {
        return layout.add(Section.PARAMETERS, name + "." + parameter, initializer, shape);
    }

    /**
     * As {@link #parameter}, of the incoming weights of a layer's units.
     *
     * @param units the dimension that counts the units, 0 or 1
     */
    public Range weights(String parameter, Initializer initializer, int units, Integer... shape) {
        return layout.addWeights(name + "." + parameter, initializer, units, shape);
    }

    /** A range for running statistics, zero at first. */
    public Range buffer(String buffer, Integer... shape) {
        return layout.add(Section.BUFFERS, name + "." + buffer, Initializer.ZEROS, shape);
    }
}
