package io.millrace.models.optimizer;

import io.millrace.models.program.Descent;
import io.millrace.models.program.Layout;
import java.io.Serializable;
import java.util.List;

/** How a gradient moves the parameters. The {@code permits} clause is the catalogue that job files choose from. */
public sealed interface Optimizer extends Serializable
        permits Sgd, Momentum, Nesterov, Adagrad, Adadelta, RmsProp, Adam, AdamW, Nadam, AmsGrad, Ftrl, Cocob, Auto {

    /** What is remembered of each parameter, by name. */
    List<String> slots();

    /** The step over rows of a layout; belongs to one thread. */
    Descent descent(Layout layout);

    /**
     * Writes the step as TorchScript.
     *
     * <p>The parameters {@code p} and the gradient {@code g} [rows, parameters] and the slots may be overwritten;
     * {@code update} [rows, 1] is the number of each row's update, as float64.
     */
    void script(Tensors tensors);

    /** Statements of a step. */
    interface Tensors {
        /** True if there is one row. */
        boolean alone();

        /** Adds a statement and names its value. */
        String let(String expression);

        /** The new value of the parameters, the last to be given. */
        void parameters(String value);

        /** The tensor [rows, parameters] of a slot before the step. */
        String slot(int slot);

        /** The new value of a slot. */
        void slot(int slot, String value);
    }
}
