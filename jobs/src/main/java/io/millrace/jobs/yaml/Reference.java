package io.millrace.jobs.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A JSON Schema, as {@link SpecFormat} writes it, as a page of Markdown: a section for every part that is written as a
 * mapping, and for every choice between parts, in the order in which a reader meets them.
 */
final class Reference {
    private final JsonNode definitions;
    private final StringBuilder page = new StringBuilder();
    private final Set<String> met = new LinkedHashSet<>();
    private final Deque<String> sections = new ArrayDeque<>();

    private Reference(JsonNode definitions) {
        this.definitions = definitions;
    }

    /** The sections of all that can be reached from the root. */
    static String of(JsonNode schema) {
        Reference reference = new Reference(schema.get("$defs"));
        reference.link(schema);
        while (!reference.sections.isEmpty()) {
            reference.section(reference.sections.remove());
        }
        return reference.page.toString();
    }

    private void section(String name) {
        JsonNode definition = definitions.get(name);
        page.append("\n## <a id=\"").append(anchor(name)).append("\"></a>");
        page.append(definition.get("title").asText()).append('\n');
        if (definition.has("description")) {
            page.append('\n').append(sentence(definition)).append('\n');
        }
        if (definition.has("anyOf")) {
            choice(definition.get("anyOf"));
        } else {
            mapping(definition);
        }
    }

    private void mapping(JsonNode definition) {
        List<String> rows = new ArrayList<>();
        each(
                definition.get("properties"),
                (key, value) -> rows.add(row(
                        name(definition, key),
                        value(value),
                        byDefault(value).replaceFirst("^.+$", "`$0`"),
                        sentence(value))));
        table(row("key", "value", "default", "meaning"), rows);
        List<String> oneOf = new ArrayList<>();
        definition
                .path("oneOf")
                .forEach(each -> oneOf.add("`" + each.at("/required/0").asText() + "`"));
        if (!oneOf.isEmpty()) {
            page.append("\nExactly one of ").append(String.join(", ", oneOf)).append(" must be given.\n");
        }
    }

    private void choice(JsonNode forms) {
        List<String> rows = new ArrayList<>();
        each(forms.get(forms.size() - 1).get("properties"), (name, form) -> {
            JsonNode option = target(form.has("anyOf") ? form.at("/anyOf/0") : form);
            rows.add(row("`" + name + "`", sentence(option), settings(option)));
        });
        table(row("one of", "meaning", "settings"), rows);
    }

    /** What an option may hold, in one cell. */
    private String settings(JsonNode option) {
        List<String> settings = new ArrayList<>();
        each(option.get("properties"), (key, value) -> {
            String byDefault = byDefault(value);
            settings.add(name(option, key) + ", " + value(value) + (byDefault.isEmpty() ? "" : " (`" + byDefault + "`)")
                    + ": " + sentence(value));
        });
        return String.join("<br>", settings);
    }

    private void table(String head, List<String> rows) {
        if (!rows.isEmpty()) {
            String rule = head.strip().replaceAll("[^|]+", "---");
            page.append('\n').append(head).append(rule).append('\n');
            rows.forEach(page::append);
        }
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** A key; in bold if it must be there. */
    private static String name(JsonNode definition, String key) {
        for (JsonNode required : definition.path("required")) {
            if (required.asText().equals(key)) {
                return "**`" + key + "`**";
            }
        }
        return "`" + key + "`";
    }

    private JsonNode target(JsonNode reference) {
        return definitions.path(named(reference));
    }

    private static String named(JsonNode reference) {
        return reference.path("$ref").asText().replaceFirst("^#/\\$defs/", "");
    }

    private static String anchor(String name) {
        return name.toLowerCase(Locale.ROOT).replace('.', '-');
    }

    /** A link to a part, which gets a section unless it has one. */
    private String link(JsonNode reference) {
        String name = named(reference);
        if (met.add(name)) {
            sections.add(name);
        }
        return "[" + target(reference).get("title").asText() + "](#" + anchor(name) + ")";
    }

    /** What may be written. */
    private String value(JsonNode schema) {
        if (schema.has("$ref")) {
            return link(schema);
        }
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
            return String.join(", ", words);
        }
        String type = schema.get("type").isArray() ? "text" : schema.get("type").asText();
        return switch (type) {
            case "array" -> "list of " + value(schema.get("items")) + from(schema.path("minItems"), 1);
            case "object" -> "names and texts";
            case "boolean" -> "`true`, `false`";
            case "integer" -> "whole number" + range(schema);
            case "number" -> "number" + range(schema);
            case "string" -> "duration";
            default -> type;
        };
    }

    private static String from(JsonNode least, int obvious) {
        return least.asInt(obvious) > obvious ? ", at least " + least.asInt() : "";
    }

    private static String range(JsonNode schema) {
        JsonNode low = schema.path("minimum");
        JsonNode above = schema.path("exclusiveMinimum");
        JsonNode high = schema.path("maximum");
        JsonNode below = schema.path("exclusiveMaximum");
        boolean bottom = !low.isMissingNode() || !above.isMissingNode();
        boolean top = !high.isMissingNode() || !below.isMissingNode();
        if (bottom && top) {
            return " in " + (low.isMissingNode() ? "(" + number(above) : "[" + number(low)) + ", "
                    + (high.isMissingNode() ? number(below) + ")" : number(high) + "]");
        }
        if (bottom) {
            return low.isMissingNode() ? " > " + number(above) : " ≥ " + number(low);
        }
        return !top ? "" : high.isMissingNode() ? " < " + number(below) : " ≤ " + number(high);
    }

    /** A default, in YAML; empty if there is none, or if it is what the part it refers to says anyway. */
    private String byDefault(JsonNode schema) {
        JsonNode value = schema.path("default");
        return value.isObject() && target(schema).has("properties") ? "" : flow(value);
    }

    private static String flow(JsonNode value) {
        if (value.isArray()) {
            List<String> entries = new ArrayList<>();
            value.forEach(entry -> entries.add(flow(entry)));
            return "[" + String.join(", ", entries) + "]";
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.isNumber() ? number(value) : value.asText();
    }

    private static String number(JsonNode number) {
        return number.asText().replaceFirst("\\.0(E|$)", "$1").replace('E', 'e');
    }

    private static String sentence(JsonNode schema) {
        String text = schema.path("description").asText().replace("|", "\\|");
        if (text.isEmpty()) {
            return "";
        }
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private interface Entry {
        void take(String name, JsonNode value);
    }

    private static void each(JsonNode mapping, Entry entry) {
        JsonNode present = mapping == null ? MissingNode.getInstance() : mapping;
        for (Map.Entry<String, JsonNode> field : present.properties()) {
            entry.take(field.getKey(), field.getValue());
        }
    }
}
