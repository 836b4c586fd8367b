package io.millrace.jobs.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** A file that is being read: where its keys are, and what is wrong so far. */
final class Draft {
    private final String file;
    private final Map<String, Mark> marks = new HashMap<>();
    private final List<Mistake> mistakes = new ArrayList<>();

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

    /** Notes a mistake at a place. */
    void refuse(Optional<Mark> mark, String path, String message) {
        int line = mark.map(found -> found.getLine() + 1).orElse(0);
        int column = mark.map(found -> found.getColumn() + 1).orElse(0);
        mistakes.add(new Mistake(file, line, column, path, message));
    }

    List<Mistake> mistakes() {
        return mistakes.stream().sorted(Mistake.IN_FILE_ORDER).toList();
    }
}
