package io.millrace.jobs.serve;

import io.millrace.models.snapshot.Manifest;
import io.millrace.models.snapshot.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot of a directory that can be used: whenever a newer one is complete, it is opened beside the one in
 * use and takes its place. One that cannot be used is looked at again every time, because it may be under way.
 */
final class Editions implements Closeable {
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_OPENING_SECONDS = 10;

    private final Path directory;
    private final boolean strangers;
    private final Consumer<String> notes;
    private final ScheduledExecutorService lookout = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "serve-lookout");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> looks;
    private volatile @Nullable Edition current; // null before the first snapshot
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private String complaint = ""; // said last

    /**
     * Opens the newest snapshot, if there is one, and begins to look for newer ones.
     *
     * @param directory of snapshots; or of a single one, which then is served for good
     * @param strangers whether keys without a model are answered
     * @param notes is told of every edition, and once of each one that cannot be used
     * @throws IllegalArgumentException if the newest snapshot cannot be used
     */
    Editions(Path directory, boolean strangers, Consumer<String> notes) throws IOException {
        this.directory = directory;
        this.strangers = strangers;
        this.notes = notes;
        Optional<Path> newest = newest();
        if (newest.isPresent()) {
            replace(Edition.open(newest.get(), strangers));
        } else {
            notes.accept("there is no snapshot in " + directory + " yet; waiting for the first");
        }
        looks = lookout.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Optional<Path> newest() throws IOException {
        return Files.exists(directory.resolve(Manifest.FILE)) ? Optional.of(directory) : Snapshot.newest(directory);
    }

    private void look() {
        try {
            Edition used = current;
            Optional<Path> newest = newest();
            if (newest.isPresent()
                    && (used == null || newest.get().compareTo(used.snapshot().directory()) > 0)) {
                replace(Edition.open(newest.get(), strangers));
            }
        } catch (IOException | RuntimeException e) {
            complain("the newest snapshot cannot be used: " + e.getMessage());
        }
    }

    private void replace(Edition next) throws IOException {
        Edition last = current;
        current = next;
        complaint = "";
        notes.accept(String.format(
                Locale.ROOT,
                "serving %s from %s, %,d models",
                next.spec().name(),
                next.snapshot().name(),
                next.snapshot().manifest().models()));
        if (last != null) {
            reloads.incrementAndGet();
            last.close();
        }
    }

    private void complain(String what) {
        failures.incrementAndGet();
        if (!what.equals(complaint)) {
            complaint = what;
            notes.accept(what);
        }
    }

    /** The edition in use, entered: whoever asks leaves it. Null while there is none. */
    @Nullable
    Edition enter() {
        Edition edition = current;
        while (edition != null && !edition.enter()) {
            edition = current; // it was replaced meanwhile
        }
        return edition;
    }

    /** How often an edition took the place of another. */
    long reloads() {
        return reloads.get();
    }

    /** How many looks found a snapshot that cannot be used. */
    long failures() {
        return failures.get();
    }

    @Override
    public void close() throws IOException {
        looks.cancel(false);
        lookout.shutdown(); // not at once: an interrupt would close files that are being read
        try {
            if (!lookout.awaitTermination(LONGEST_OPENING_SECONDS, TimeUnit.SECONDS)) {
                return; // the process ends and takes the files along
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Edition last = current;
        current = null;
        if (last != null) {
            last.close();
        }
    }
}
