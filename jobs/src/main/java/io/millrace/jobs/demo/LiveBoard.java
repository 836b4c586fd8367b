package io.millrace.jobs.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Repaints a board in place. Each frame is one write that overwrites the last, so nothing flickers.
 *
 * <p>The cursor is hidden while it paints and comes back when it is closed, or when the process ends without.
 */
final class LiveBoard implements Display {
    private static final String ESCAPE = "\u001b[";
    private static final String HIDE_CURSOR = ESCAPE + "?25l";
    private static final String SHOW_CURSOR = ESCAPE + "?25h";
    private static final String CLEAR_REST_OF_LINE = ESCAPE + "K";
    private static final String CLEAR_BELOW = ESCAPE + "J";

    private final PrintStream out;
    private final Look look;
    private final List<Drift> drifts;
    private final IntSupplier width;
    private final Curve accuracy = new Curve(Figures::accuracy);
    private final Curve baseline = new Curve(Figures::baseline);
    private final Thread restorer = new Thread(this::showCursor, "millrace-cursor");
    private int painted;

    /**
     * A board that has not painted yet.
     *
     * @param width asked for each frame, characters
     */
    LiveBoard(PrintStream out, Look look, List<Drift> drifts, IntSupplier width) {
        this.out = out;
        this.look = look;
        this.drifts = drifts;
        this.width = width;
        Runtime.getRuntime().addShutdownHook(restorer);
    }

    @Override
    public void show(Figures now) {
        accuracy.add(now);
        baseline.add(now);
        List<String> lines = Board.lines(now, accuracy, baseline, drifts, look, width.getAsInt());
        StringBuilder frame = new StringBuilder(HIDE_CURSOR);
        if (painted > 0) {
            frame.append(ESCAPE).append(painted).append('A');
        }
        lines.forEach(line -> frame.append(line).append(CLEAR_REST_OF_LINE).append('\n'));
        out.print(frame.append(CLEAR_BELOW));
        out.flush();
        painted = lines.size();
    }

    @Override
    public void close() {
        showCursor();
        try {
            Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook may show the cursor once more
        }
    }

    private void showCursor() {
        out.print(SHOW_CURSOR);
        out.flush();
    }
}
