package io.millrace.models.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds. It is written last: a directory without a manifest is no snapshot.
 *
 * @param format version of this format, 1
 * @param job name of the job
 * @param checkpoint the Flink checkpoint whose state the rows are
 * @param createdAt when the checkpoint was triggered, milliseconds since 1970 UTC
 * @param models number of rows in all parts
 * @param fingerprint of the layout
 * @param width floats per row
 * @param ranges what lies where in a row
 * @param parts the files of rows
 * @param spec the spec the models were learnt with, as text
 */
public record Manifest(
        int format,
        String job,
        long checkpoint,
        long createdAt,
        long models,
        String fingerprint,
        int width,
        List<Entry> ranges,
        List<Part> parts,
        String spec) {
    /** The file's name in a snapshot's directory. */
    public static final String FILE = "manifest.json";

    /** The one version there is. */
    public static final int FORMAT = 1;

    private static final int LONGEST_NAME = 255;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A stretch of every row.
     *
     * @param name as in {@code 1.dense.weight}
     * @param section parameters, slots, buffers or counters
     * @param at its first float in the row
     * @param shape its dimensions, row-major
     */
    public record Entry(String name, String section, int at, List<Integer> shape) {}

    /**
     * A safetensors file.
     *
     * @param file its name in the snapshot's directory
     * @param models number of rows in it
     */
    public record Part(String file, long models) {}

    /** The manifest of rows of a layout. */
    public static Manifest of(
            String job, long checkpoint, long createdAt, Layout layout, List<Part> parts, String spec) {
        return new Manifest(
                FORMAT,
                job,
                checkpoint,
                createdAt,
                parts.stream().mapToLong(Part::models).sum(),
                layout.fingerprint(),
                layout.width(),
                layout.ranges().stream().map(range -> entry(layout, range)).toList(),
                parts,
                spec);
    }

    private static Entry entry(Layout layout, Range range) {
        String section = range.section().name().toLowerCase(Locale.ROOT);
        return new Entry(range.name(), section, layout.at(range), range.shape());
    }

    /** The first place where the layout of the rows differs from another, in words; empty if it is the same. */
    public String difference(Layout other) {
        StringBuilder text = new StringBuilder();
        ranges.forEach(range -> text.append(range.section)
                .append(' ')
                .append(range.name)
                .append(' ')
                .append(range.shape)
                .append('\n'));
        return other.difference(text.append("width ").append(width).append('\n').toString());
    }

    /** As JSON. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest can always be written", e);
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IllegalArgumentException if it is not one, or of another version
     */
    public static Manifest parse(byte[] json) {
        Manifest manifest;
        try {
            manifest = JSON.readValue(json, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(FILE + " is no manifest: " + shortened(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(FILE + " is no manifest: it is not UTF-8", e);
        }
        if (manifest == null) {
            throw new IllegalArgumentException(FILE + " is no manifest: it is null");
        }
        if (manifest.format != FORMAT) {
            throw new IllegalArgumentException(
                    FILE + " has format " + manifest.format + ", this version reads format " + FORMAT);
        }
        if (manifest.width < 1 || manifest.width > Layout.WIDEST || manifest.lacks()) {
            throw new IllegalArgumentException(FILE + " lacks a width, ranges or parts");
        }
        for (Entry range : manifest.ranges) {
            requireInside(range, manifest.width);
        }
        return manifest;
    }

    /** What JSON leaves out is null, whatever the types promise. */
    private boolean lacks() {
        return ranges == null
                || parts == null
                || ranges.stream().anyMatch(range -> range == null || unnamed(range.name) || range.shape == null)
                || parts.stream().anyMatch(part -> part == null || unnamed(part.file));
    }

    private static boolean unnamed(@Nullable String name) {
        return name == null || name.isEmpty() || name.length() > LONGEST_NAME;
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_NAME ? message : message.substring(0, LONGEST_NAME) + "...";
    }

    private static void requireInside(Entry range, int width) {
        long end = range.at;
        long length = 1;
        for (Integer size : range.shape) {
            length *= size == null || size < 0 || length > width ? width + 1L : size;
        }
        if (range.at < 0 || length > width || end + length > width) {
            throw new IllegalArgumentException(
                    FILE + ": range " + range.name + " at " + range.at + " must lie in a row of " + width);
        }
    }
}
