package io.millrace.jobs.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value in a draft, at its path. What is wrong with it is told to the draft. */
final class Place {
    private static final int LONGEST_QUOTE = 40;
    private static final int LONGEST_KEY = 100; // in a path

    private final Draft draft;
    private final String path;
    private final Node node;
    private final Optional<Mark> key;

    private Place(Draft draft, String path, Node node, Optional<Mark> key) {
        this.draft = draft;
        this.path = path;
        this.node = node;
        this.key = key;
        draft.place(path, node.getStartMark());
    }

    static Place root(Draft draft, Node node) {
        return new Place(draft, "", node, node.getStartMark());
    }

    /** Notes a mistake in this value. */
    void refuse(String message) {
        draft.refuse(node.getStartMark(), path, message);
    }

    /** Notes a mistake in the key of this value. */
    void refuseKey(String message) {
        draft.refuse(key, path, message);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode && !isNothing();
    }

    /** True for text that stands in quotes. */
    boolean isQuoted() {
        return node instanceof ScalarNode scalar && !scalar.isPlain();
    }

    /** The text of a scalar as it was written, without quotes. */
    String text() {
        return ((ScalarNode) node).getValue();
    }

    /** The text of a scalar; null after anything else was refused. */
    @Nullable
    String text(String expected) {
        if (!isScalar()) {
            refuse("expected " + expected + ", found " + found());
            return null;
        }
        return text();
    }

    /** The entries of a list; null after anything else was refused. */
    @Nullable
    List<Place> list(String expected) {
        if (!(node instanceof SequenceNode sequence)) {
            refuse("expected " + expected + ", found " + found());
            return null;
        }
        List<Place> entries = new ArrayList<>();
        for (Node entry : sequence.getValue()) {
            entries.add(new Place(draft, path + "[" + entries.size() + "]", entry, entry.getStartMark()));
        }
        return entries;
    }

    /** The entries of a mapping, in order; null after anything else was refused. Refuses keys that come twice. */
    @Nullable
    Map<String, Place> mapping(String expected) {
        if (!(node instanceof MappingNode mapping)) {
            refuse("expected " + expected + ", found " + found());
            return null;
        }
        Map<String, Place> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                draft.refuse(tuple.getKeyNode().getStartMark(), path, "a key must be a plain text");
                continue;
            }
            Place entry = new Place(draft, child(name.getValue()), tuple.getValueNode(), name.getStartMark());
            Place first = entries.putIfAbsent(name.getValue(), entry);
            if (first != null) {
                entry.refuseKey("duplicate key, first given on line " + first.line());
            }
        }
        return entries;
    }

    /** What stands here, for people: {@code a list}, {@code nothing}, {@code 12} or {@code "abc"}. */
    String found() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (isNothing()) {
            return "nothing";
        }
        String text = text();
        String shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return node.getTag().equals(Tag.STR) ? "\"" + shown.replace("\n", "\\n") + "\"" : shown;
    }

    private int line() {
        return key.map(mark -> mark.getLine() + 1).orElse(0);
    }

    private String child(String name) {
        String shown = name.length() > LONGEST_KEY ? name.substring(0, LONGEST_KEY) + "..." : name;
        String key = shown.replaceAll("\\R", "\\\\n");
        return path.isEmpty() ? key : path + "." + key;
    }

    private boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }
}
