package io.millrace.jobs.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** A file that is being read: where its keys are, and what is wrong so far. */
final class Draft {
    private static final int MOST = 100;
    private static final int LONGEST_MESSAGE = 1_500;

    private final String file;
    private final Map<String, Mark> marks = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private int more; // mistakes than are listed

    Draft(String file) {
        this.file = file;
    }

    /** Remembers where a value starts. */
    void place(String path, Optional<Mark> mark) {
        mark.ifPresent(found -> marks.putIfAbsent(path, found));
    }

    /** Notes a mistake at a path, or at the nearest one above it that stands in the file. */
    void refuse(String path, String message) {
        String known = path;
        while (!known.isEmpty() && !marks.containsKey(known)) {
            known = known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
        }
        refuse(Optional.ofNullable(marks.get(known)), path, message);
    }

    /** Notes a mistake at a place; the first hundred are listed. */
    void refuse(Optional<Mark> mark, String path, String message) {
        if (mistakes.size() == MOST) {
            more++;
            return;
        }
        int line = mark.map(found -> found.getLine() + 1).orElse(0);
        int column = mark.map(found -> found.getColumn() + 1).orElse(0);
        mistakes.add(new Mistake(file, line, column, path, onOneLine(message)));
    }

    /** What a file says may stand in a message, with its line breaks and at any length. */
    private static String onOneLine(String message) {
        String most = message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "...";
        return most.replaceAll("\\R", "\\\\n");
    }

    List<Mistake> mistakes() {
        List<Mistake> sorted = new ArrayList<>(mistakes);
        sorted.sort(Mistake.IN_FILE_ORDER);
        if (more > 0) {
            sorted.add(new Mistake(file, 0, 0, "", "and " + more + " more"));
        }
        return List.copyOf(sorted);
    }
}
