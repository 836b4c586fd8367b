package io.millrace.models.onnx;

import io.millrace.models.onnx.Expression.Binary;
import io.millrace.models.onnx.Expression.Call;
import io.millrace.models.onnx.Expression.Columns;
import io.millrace.models.onnx.Expression.Items;
import io.millrace.models.onnx.Expression.Name;
import io.millrace.models.onnx.Expression.Part;
import io.millrace.models.onnx.Expression.Text;
import io.millrace.models.onnx.Expression.Unary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads expressions of TorchScript, as far as stages write them: Python's grammar of numbers, names, calls, columns and
 * operators, with Python's precedence.
 */
final class Parser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)|(?<name>[A-Za-z_]\\w*)|\"(?<text>[^\"]*)\""
                    + "|(?<sign>==|<=|>=|[-+*/<>&|~()\\[\\],:=.]))");

    private static final List<Set<String>> PRECEDENCE =
            List.of(Set.of("==", "<", ">", "<=", ">="), Set.of("|"), Set.of("&"), Set.of("+", "-"), Set.of("*", "/"));

    private final List<String> tokens = new ArrayList<>(); // a text keeps its first quote
    private int next;

    private Parser(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw new Untranslatable("the expression " + text);
            }
            tokens.add(
                    matcher.group("text") != null
                            ? '"' + matcher.group("text")
                            : matcher.group().strip());
            end = matcher.end();
        }
        tokens.add("");
    }

    /** Reads a whole expression. */
    static Expression parse(String text) {
        Parser parser = new Parser(text.strip());
        Expression expression = parser.binary(0);
        if (!parser.token().isEmpty()) {
            throw new Untranslatable("the expression " + text);
        }
        return expression;
    }

    private String token() {
        return tokens.get(next);
    }

    private boolean take(String sign) {
        boolean taken = token().equals(sign);
        next += taken ? 1 : 0;
        return taken;
    }

    private void expect(String sign) {
        if (!take(sign)) {
            throw new Untranslatable("\"" + token() + "\" where \"" + sign + "\" was expected");
        }
    }

    private Expression binary(int level) {
        if (level == PRECEDENCE.size()) {
            return unary();
        }
        Expression left = binary(level + 1);
        while (PRECEDENCE.get(level).contains(token())) {
            String operator = tokens.get(next++);
            left = new Binary(operator, left, binary(level + 1));
        }
        return left;
    }

    private Expression unary() {
        if (token().equals("-") || token().equals("~")) {
            return new Unary(tokens.get(next++).charAt(0), unary());
        }
        return postfix(primary());
    }

    private Expression primary() {
        String token = tokens.get(next++);
        if (token.equals("(")) {
            Expression inner = binary(0);
            expect(")");
            return inner;
        }
        if (token.equals("[")) {
            return new Items(arguments("]", new LinkedHashMap<>()));
        }
        if (token.startsWith("\"")) {
            return new Text(token.substring(1));
        }
        if (Character.isDigit(token.charAt(0)) || (token.startsWith(".") && token.length() > 1)) {
            return new Expression.Constant(Double.parseDouble(token), token.matches("\\d+"));
        }
        return new Name(token);
    }

    private Expression postfix(Expression begun) {
        Expression expression = begun;
        while (true) {
            if (take(".")) {
                String member = tokens.get(next++);
                if (expression instanceof Name name) {
                    expression = new Name(name.name() + "." + member);
                } else {
                    expect("(");
                    expression = method(member, expression);
                }
            } else if (take("(")) {
                expression = call(expression);
            } else if (take("[")) {
                expression = index(expression);
            } else {
                return expression;
            }
        }
    }

    private Call call(Expression function) {
        String name = function instanceof Name known ? known.name() : "";
        int dot = name.lastIndexOf('.');
        if (dot > 0 && !name.startsWith("torch.")) {
            return method(name.substring(dot + 1), new Name(name.substring(0, dot)));
        }
        Map<String, Expression> named = new LinkedHashMap<>();
        return new Call(name, arguments(")", named), named);
    }

    private Call method(String name, Expression of) {
        List<Expression> all = new ArrayList<>(List.of(of));
        Map<String, Expression> named = new LinkedHashMap<>();
        all.addAll(arguments(")", named));
        return new Call("torch." + name, all, named);
    }

    private List<Expression> arguments(String end, Map<String, Expression> named) {
        List<Expression> arguments = new ArrayList<>();
        while (!take(end)) {
            if (tokens.get(next + 1).equals("=")) {
                String name = tokens.get(next);
                next += 2;
                named.put(name, binary(0));
            } else {
                arguments.add(binary(0));
            }
            if (!token().equals(end)) {
                expect(",");
            }
        }
        return arguments;
    }

    private Expression index(Expression of) {
        if (!take(":")) {
            int index = whole();
            expect("]");
            return new Part(of, index);
        }
        expect(",");
        int from = whole();
        expect(":");
        int to = whole();
        expect("]");
        return new Columns(of, from, to);
    }

    private int whole() {
        if (primary() instanceof Expression.Constant number && number.whole()) {
            return (int) number.value();
        }
        throw new Untranslatable("an index that is no number");
    }
}
