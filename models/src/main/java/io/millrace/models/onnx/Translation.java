package io.millrace.models.onnx;

import static io.millrace.models.onnx.Graph.attribute;

import io.millrace.models.onnx.Expression.Binary;
import io.millrace.models.onnx.Expression.Call;
import io.millrace.models.onnx.Expression.Columns;
import io.millrace.models.onnx.Expression.Items;
import io.millrace.models.onnx.Expression.Name;
import io.millrace.models.onnx.Expression.Part;
import io.millrace.models.onnx.Expression.Unary;
import io.millrace.models.onnx.Graph.Elements;
import io.millrace.models.onnx.Graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Carries statements of TorchScript over into an ONNX graph, one by one, exactly in what they compute. A number beside a
 * tensor takes the tensor's type, as in PyTorch.
 */
final class Translation {
    /** Functions of one tensor that ONNX has as an operator of the same result, whatever the input. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("exp", "Exp"),
            Map.entry("log", "Log"),
            Map.entry("sqrt", "Sqrt"),
            Map.entry("tanh", "Tanh"),
            Map.entry("sigmoid", "Sigmoid"),
            Map.entry("relu", "Relu"),
            Map.entry("selu", "Selu"),
            Map.entry("softplus", "Softplus"),
            Map.entry("t", "Transpose"));

    private static final Map<String, String> OPERATORS = Map.ofEntries(
            Map.entry("+", "Add"),
            Map.entry("-", "Sub"),
            Map.entry("*", "Mul"),
            Map.entry("/", "Div"),
            Map.entry("&", "And"),
            Map.entry("|", "Or"),
            Map.entry("==", "Equal"),
            Map.entry("<", "Less"),
            Map.entry(">", "Greater"),
            Map.entry("<=", "LessOrEqual"),
            Map.entry(">=", "GreaterOrEqual"));

    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;

    private final Graph graph;
    private final Map<String, Value> known = new HashMap<>();
    private final Map<String, List<Value>> several = new HashMap<>(); // results of functions that have more than one

    Translation(Graph graph) {
        this.graph = graph;
    }

    /** Makes a tensor known by a name. */
    void put(String name, Value value) {
        known.put(name, value);
    }

    /** The tensor that an expression stands for. */
    Value value(String expression) {
        return tensor(Parser.parse(expression));
    }

    /** Translates a statement, {@code name = expression} or {@code name, name, ... = expression}. */
    void translate(String statement) {
        int equals = statement.indexOf(" = ");
        String[] targets = statement.substring(0, equals).split(", ", -1);
        Expression expression = Parser.parse(statement.substring(equals + 3));
        if (expression instanceof Call call && call.function().equals("torch.split")) {
            long[] widths = whole(call.arguments().get(1));
            List<Value> parts = graph.split(tensor(call.arguments().get(0)), widths);
            for (int i = 0; i < targets.length; i++) {
                known.put(targets[i], parts.get(i));
            }
        } else if (expression instanceof Call call && call.function().equals("torch.native_layer_norm")) {
            several.put(targets[0], layerNorm(call.arguments()));
        } else {
            known.put(targets[0], tensor(expression));
        }
    }

    private static long[] whole(Expression list) {
        return ((Items) list)
                .items().stream().mapToLong(item -> (long) number(item)).toArray();
    }

    private static float number(Expression expression) {
        if (expression instanceof Unary unary && unary.operator() == '-') {
            return -number(unary.of());
        }
        if (expression instanceof Expression.Constant number) {
            return (float) number.value();
        }
        throw new Untranslatable(expression + " in the place of a number");
    }

    private Value tensor(Expression expression) {
        return tensor(expression, Elements.FLOAT);
    }

    /** A tensor; a number becomes one of the given elements. */
    private Value tensor(Expression expression, Elements type) {
        if (expression instanceof Name name) {
            return named(name.name());
        }
        if (expression instanceof Expression.Constant number) {
            return graph.number(number.value(), type);
        }
        if (expression instanceof Unary unary) {
            Value of = tensor(unary.of(), type);
            return graph.add(unary.operator() == '~' ? "Not" : "Neg", of.type(), of);
        }
        if (expression instanceof Binary binary) {
            return binary(binary, type);
        }
        if (expression instanceof Columns columns) {
            Value of = tensor(columns.of());
            return graph.add(
                    "Slice",
                    of.type(),
                    of,
                    graph.numbers(columns.from()),
                    graph.numbers(columns.to()),
                    graph.numbers(1));
        }
        if (expression instanceof Part part && part.of() instanceof Name name && several.containsKey(name.name())) {
            return several.get(name.name()).get(part.index());
        }
        if (expression instanceof Call call) {
            return call(call, type);
        }
        throw new Untranslatable(expression.toString());
    }

    private Value named(String name) {
        if (name.equals("nan")) {
            return graph.number(Double.NaN, Elements.FLOAT);
        }
        Value value = known.get(name);
        if (value == null) {
            throw new Untranslatable("the tensor " + name);
        }
        return value;
    }

    private Value binary(Binary binary, Elements type) {
        Value left;
        Value right;
        if (scalar(binary.left())) {
            right = tensor(binary.right(), type);
            left = tensor(binary.left(), right.type());
        } else {
            left = tensor(binary.left(), type);
            right = tensor(binary.right(), left.type());
        }
        boolean compares = "==<=>=".contains(binary.operator());
        return graph.add(
                Objects.requireNonNull(OPERATORS.get(binary.operator())),
                compares ? Elements.BOOL : left.type(),
                left,
                right);
    }

    private static boolean scalar(Expression expression) {
        return expression instanceof Expression.Constant
                || (expression instanceof Unary unary && unary.of() instanceof Expression.Constant);
    }

    private Value call(Call call, Elements type) {
        String function = call.function().startsWith("torch.") ? call.function().substring(6) : call.function();
        List<Expression> arguments = call.arguments();
        if (function.equals("cat")) {
            Value[] parts = ((Items) arguments.get(0))
                    .items().stream().map(this::tensor).toArray(Value[]::new);
            return graph.add("Concat", parts[0].type(), List.of(attribute("axis", 1)), parts);
        }
        if (function.equals("where")) {
            return where(arguments);
        }
        if (function.equals("arange")) {
            int length = (int) number(arguments.get(0));
            return graph.numbers(LongStream.range(0, length).toArray());
        }
        Value x = tensor(arguments.get(0), type);
        if (SAME.containsKey(function)) {
            return graph.add(SAME.get(function), x.type(), x);
        }
        return switch (function) {
            case "detach", "double", "type_as" -> x; // a float's precision is all there is
            case "long" -> graph.add("Cast", Elements.INT64, List.of(attribute("to", Elements.INT64.code())), x);
            case "isnan" -> graph.add("IsNaN", Elements.BOOL, x);
            case "isinf" -> graph.add("IsInf", Elements.BOOL, x);
            case "isfinite" ->
                graph.add(
                        "Not",
                        Elements.BOOL,
                        graph.add(
                                "Or",
                                Elements.BOOL,
                                graph.add("IsNaN", Elements.BOOL, x),
                                graph.add("IsInf", Elements.BOOL, x)));
            case "ones_like" ->
                graph.add(
                        "Where",
                        Elements.FLOAT,
                        graph.add("IsNaN", Elements.BOOL, x),
                        one(),
                        one()); // of the shape of x
            case "rsqrt" -> graph.add("Reciprocal", Elements.FLOAT, graph.add("Sqrt", Elements.FLOAT, x));
            case "silu" -> times(x, graph.add("Sigmoid", Elements.FLOAT, x));
            case "mish" -> times(x, graph.add("Tanh", Elements.FLOAT, graph.add("Softplus", Elements.FLOAT, x)));
            case "gelu" -> gelu(x, call);
            case "elu" -> graph.add("Elu", Elements.FLOAT, List.of(attribute("alpha", number(arguments.get(1)))), x);
            case "leaky_relu" ->
                graph.add("LeakyRelu", Elements.FLOAT, List.of(attribute("alpha", number(arguments.get(1)))), x);
            case "minimum" -> graph.add("Min", x.type(), x, tensor(arguments.get(1), x.type()));
            case "maximum" -> graph.add("Max", x.type(), x, tensor(arguments.get(1), x.type()));
            case "clamp" -> clamp(x, call);
            case "sum", "mean" -> reduce(function.equals("sum") ? "ReduceSum" : "ReduceMean", x, arguments);
            case "softmax" -> graph.add("Softmax", Elements.FLOAT, List.of(attribute("axis", 1)), x);
            case "squeeze" -> graph.add("Squeeze", x.type(), x, axis(arguments));
            case "unsqueeze" -> graph.add("Unsqueeze", x.type(), x, axis(arguments));
            case "view" -> graph.add("Reshape", x.type(), x, graph.numbers(whole(arguments.get(1))));
            case "mm" -> graph.add("MatMul", Elements.FLOAT, x, tensor(arguments.get(1)));
            case "addmm" ->
                graph.add(
                        "Add",
                        Elements.FLOAT,
                        graph.add("MatMul", Elements.FLOAT, tensor(arguments.get(1)), tensor(arguments.get(2))),
                        x);
            case "take" ->
                graph.add(
                        "Gather",
                        x.type(),
                        graph.add("Reshape", x.type(), x, graph.numbers(-1)),
                        tensor(arguments.get(1), Elements.INT64));
            default -> throw new Untranslatable(call.function());
        };
    }

    private Value where(List<Expression> arguments) {
        Value condition = tensor(arguments.get(0));
        Value yes;
        Value no;
        if (scalar(arguments.get(1))) {
            no = tensor(arguments.get(2));
            yes = tensor(arguments.get(1), no.type());
        } else {
            yes = tensor(arguments.get(1));
            no = tensor(arguments.get(2), yes.type());
        }
        return graph.add("Where", yes.type(), condition, yes, no);
    }

    /** The tanh form, the only one that stages use; spelled out, as the operator is younger than the rest. */
    private Value gelu(Value x, Call call) {
        if (!new Expression.Text("tanh").equals(call.named().get("approximate"))) {
            throw new Untranslatable("torch.gelu but in its tanh form");
        }
        Value cube = times(times(x, x), times(x, graph.number(CUBIC, Elements.FLOAT)));
        Value inner = times(graph.add("Add", Elements.FLOAT, x, cube), graph.number(ROOT, Elements.FLOAT));
        Value share = graph.add("Add", Elements.FLOAT, graph.add("Tanh", Elements.FLOAT, inner), one());
        return times(times(x, graph.number(0.5, Elements.FLOAT)), share);
    }

    private Value clamp(Value x, Call call) {
        Expression most = call.named().get("max");
        if (most == null || call.named().size() > 1) {
            throw new Untranslatable("torch.clamp but with max alone");
        }
        return graph.add("Min", x.type(), x, tensor(most, x.type()));
    }

    private Value reduce(String operator, Value x, List<Expression> arguments) {
        boolean keeps = arguments.size() > 2;
        return graph.add(
                operator,
                x.type(),
                List.of(attribute("keepdims", keeps ? 1 : 0)),
                x,
                graph.numbers(whole(arguments.get(1))));
    }

    private Value axis(List<Expression> arguments) {
        return graph.numbers((long) number(arguments.get(1)));
    }

    /**
     * Normalized columns, mean and inverse deviation, without learnt scale. ONNX has an operator for it, but runtimes take the
     * variance from the mean of squares, which costs digits.
     */
    private List<Value> layerNorm(List<Expression> arguments) {
        Value x = tensor(arguments.get(0));
        Value mean = mean(x);
        Value away = graph.add("Sub", Elements.FLOAT, x, mean);
        Value variance = mean(times(away, away));
        Value sum = graph.add("Add", Elements.FLOAT, variance, graph.number(number(arguments.get(4)), Elements.FLOAT));
        Value inverse = graph.add("Reciprocal", Elements.FLOAT, graph.add("Sqrt", Elements.FLOAT, sum));
        return List.of(times(away, inverse), mean, inverse);
    }

    private Value mean(Value x) {
        return graph.add("ReduceMean", Elements.FLOAT, List.of(attribute("keepdims", 1)), x, graph.numbers(1));
    }

    private Value times(Value one, Value other) {
        return graph.add("Mul", Elements.FLOAT, one, other);
    }

    private Value one() {
        return graph.number(1, Elements.FLOAT);
    }
}
