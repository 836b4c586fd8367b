package io.millrace.jobs.yaml;

import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Parses YAML 1.2 into nodes that know their place. Files that could exhaust memory are refused: texts over
 * 1,000,000 characters, nesting over 100 deep, and aliases that unfold to over 100,000 values (a long text counts as
 * one per 64 characters) or refer to themselves.
 */
final class Document {
    static final int MOST_CHARACTERS = 1_000_000;
    static final int MOST_BYTES = 3 * MOST_CHARACTERS; // of UTF-8
    static final String TOO_LONG = "the file is longer than " + MOST_CHARACTERS + " characters";

    private static final long MOST_VALUES = 100_000;
    private static final int TEXT_OF_A_VALUE = 64;
    private static final int MOST_ALIASES = 100;
    private static final int DEEPEST = 100;

    private Document() {}

    /** The root of the text's only document; null after the draft was told why there is none. */
    static @Nullable Node parse(String text, Draft draft) {
        if (text.length() > MOST_CHARACTERS) {
            return refused(draft, TOO_LONG);
        }
        try {
            if (depth(text) > DEEPEST) {
                return refused(draft, "nested more than " + DEEPEST + " deep");
            }
            Optional<Node> root = new Compose(settings(text)).composeString(text);
            if (root.isEmpty()) {
                return refused(draft, "the file is empty");
            }
            return values(root.get(), new IdentityHashMap<>()) > MOST_VALUES
                    ? refused(draft, "it unfolds to over " + MOST_VALUES + " values")
                    : root.get();
        } catch (YamlEngineException e) {
            draft.refuse(mark(e), "", reason(e));
            return null;
        }
    }

    private static @Nullable Node refused(Draft draft, String message) {
        draft.refuse("", message);
        return null;
    }

    /** The buffer holds the whole text: a smaller one is copied again and again while a long scalar is read. */
    private static LoadSettings settings(String text) {
        return LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setBufferSize(text.length() + 16)
                .build();
    }

    /** How deeply lists and mappings are nested, up to just beyond what is allowed. */
    private static int depth(String text) {
        int depth = 0;
        int deepest = 0;
        for (Event event : new Parse(settings(text)).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            deepest = Math.max(deepest, depth);
            if (deepest > DEEPEST) {
                break;
            }
        }
        return deepest;
    }

    private static Optional<Mark> mark(YamlEngineException e) {
        return e instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
    }

    private static String reason(YamlEngineException e) {
        if (e instanceof ReaderException reader) {
            return String.format(
                    Locale.ROOT, "found the character U+%04X, which YAML does not allow", reader.getCodePoint());
        }
        String problem = problem(e);
        if (problem.contains("\\t")) {
            return "found a tab; YAML is indented with spaces";
        }
        String hint = problem.contains("mapping values are not allowed")
                ? " (check the indentation; a text that holds \": \" needs quotes)"
                : "";
        return "not valid YAML: " + problem.strip().replaceAll("\\s+", " ") + hint;
    }

    private static String problem(YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException marked) {
            return marked.getContext() == null ? marked.getProblem() : marked.getContext() + ", " + marked.getProblem();
        }
        return String.valueOf(e.getMessage());
    }

    /** Number of nodes once every alias is unfolded; more than allowed for a node that contains itself. */
    private static long values(Node node, Map<Node, Long> known) {
        if (node.isRecursive()) {
            return MOST_VALUES + 1;
        }
        Long counted = known.get(node);
        if (counted != null) {
            return counted;
        }
        long values = 1;
        if (node instanceof SequenceNode sequence) {
            for (Node entry : sequence.getValue()) {
                values = Math.min(MOST_VALUES + 1, values + values(entry, known));
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                long both = values(entry.getKeyNode(), known) + values(entry.getValueNode(), known);
                values = Math.min(MOST_VALUES + 1, values + both);
            }
        } else if (node instanceof ScalarNode scalar) {
            values += scalar.getValue().length() / TEXT_OF_A_VALUE;
        }
        known.put(node, values);
        return values;
    }
}
