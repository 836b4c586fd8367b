package io.millrace.jobs.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts that stand elsewhere: {@code ${env:NAME}} is an environment variable, {@code ${file:PATH}} the content of a
 * file without the blanks at its ends.
 *
 * <p>Specs keep the reference, so printing one never shows what it stands for. {@link SpecFormat#resolve} replaces
 * references, just before the spec is put to use.
 */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\w+):([^}]*)}");

    private References() {}

    /**
     * The text with every reference replaced.
     *
     * @throws IllegalArgumentException naming the variable or file that is not there
     */
    static String resolve(String text) {
        return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(target(found)));
    }

    /** Why a text cannot be resolved; null if it can. */
    static @Nullable String fault(String text) {
        try {
            resolve(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** True if nothing but a reference stands in the text. */
    static boolean only(String text) {
        return REFERENCE.matcher(text).matches();
    }

    private static String target(MatchResult found) {
        String name = found.group(2);
        return switch (found.group(1)) {
            case "env" -> variable(name);
            case "file" -> content(name);
            default ->
                throw new IllegalArgumentException(
                        "unknown reference " + found.group() + "; allowed: ${env:NAME}, ${file:PATH}");
        };
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalArgumentException("environment variable \"" + name + "\" is not set");
        }
        return value;
    }

    private static String content(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("file \"" + file + "\" cannot be read", e);
        }
    }
}
