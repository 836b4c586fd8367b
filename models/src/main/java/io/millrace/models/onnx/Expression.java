package io.millrace.models.onnx;

import java.util.List;
import java.util.Map;

/** What stands right of the equals sign in a statement of a {@link io.millrace.models.program.Script}. */
sealed interface Expression {

    /** A name, with its dots: {@code t3}, {@code torch.exp}, {@code nan}. */
    record Name(String name) implements Expression {}

    /** A number as it is written; with a point or an exponent it is a float, else a whole number. */
    record Constant(double value, boolean whole) implements Expression {}

    /** A text in quotes. */
    record Text(String text) implements Expression {}

    /** A list in brackets. */
    record Items(List<Expression> items) implements Expression {}

    /** A function of arguments; methods have their object as the first. */
    record Call(String function, List<Expression> arguments, Map<String, Expression> named) implements Expression {}

    /** {@code of[:, from:to]}. */
    record Columns(Expression of, int from, int to) implements Expression {}

    /** {@code of[index]}, one of several results. */
    record Part(Expression of, int index) implements Expression {}

    /** {@code operator left}. */
    record Unary(char operator, Expression of) implements Expression {}

    /** {@code left operator right}. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}
}
