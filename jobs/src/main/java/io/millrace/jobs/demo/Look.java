package io.millrace.jobs.demo;

import picocli.CommandLine.Help.Ansi;

/**
 * What a terminal can show.
 *
 * @param unicode whether block characters can be printed; else plain ASCII
 * @param ansi whether there are colours
 */
record Look(boolean unicode, Ansi ansi) {

    /** The look of standard output; no colours if it is no terminal or {@code NO_COLOR} is set. */
    static Look ofStandardOutput() {
        String encoding = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
        return new Look(encoding.equalsIgnoreCase("UTF-8"), Ansi.AUTO);
    }

    /** Characters for the done and the open part of a bar. */
    String bar() {
        return unicode ? "█░" : "#.";
    }

    /** Characters of a curve from its lowest to its highest level. */
    String levels() {
        return unicode ? "▁▂▃▄▅▆▇█" : "_.-=+*#@";
    }

    /** Marks a place under a curve. */
    String mark() {
        return unicode ? "▲" : "^";
    }

    /** Stands for a number that is not known. */
    String unknown() {
        return unicode ? "–" : "-";
    }
}
