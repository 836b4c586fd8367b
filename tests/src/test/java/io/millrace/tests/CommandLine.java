package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose output a test reads, the {@code millrace} command above all. */
final class CommandLine implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private CommandLine(Path directory, List<String> command) throws IOException {
        out = Files.createTempFile(directory, "stdout-", ".txt");
        err = Files.createTempFile(directory, "stderr-", ".txt");
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /**
     * Starts {@code millrace} as the launcher does; its log lies in the directory.
     *
     * @param directory where it runs, with {@code tmp} below for its temporary files
     */
    static CommandLine millrace(Path directory, String... arguments) throws IOException {
        List<String> command = java(directory, System.getProperty("java.class.path"));
        command.add("-Dmillrace.log=" + directory.resolve("millrace.log"));
        command.add("-Dmillrace.home=" + Path.of("").toAbsolutePath().getParent());
        command.add("io.millrace.jobs.cli.Millrace");
        command.addAll(List.of(arguments));
        return new CommandLine(directory, command);
    }

    /**
     * Starts another program.
     *
     * @param arguments options of the JVM, its main class and the arguments of that
     */
    static CommandLine of(Path directory, List<File> classPath, String... arguments) throws IOException {
        List<String> names = classPath.stream().map(File::toString).toList();
        List<String> command = java(directory, String.join(File.pathSeparator, names));
        command.addAll(List.of(arguments));
        return new CommandLine(directory, command);
    }

    /** Starts a program of the system. */
    static CommandLine program(Path directory, List<String> command) throws IOException {
        return new CommandLine(directory, command);
    }

    private static List<String> java(Path directory, String classPath) throws IOException {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath));
    }

    /** Waits for the end; fails when that takes longer. */
    int exitCode(Duration patience) throws Exception {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s\n%s%s", patience, out(), err())
                .isTrue();
        return process.exitValue();
    }

    /** Waits until standard output or standard error holds a text. */
    void awaitText(String text, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!out().contains(text) && !err().contains(text)) {
            assertThat(runs() && System.nanoTime() < deadline)
                    .as("said \"%s\" within %s and before it ended\n%s%s", text, patience, out(), err())
                    .isTrue();
        }
    }

    /** Asks the process to end, as Ctrl-C does; by SIGTERM, because what runs in the background may ignore SIGINT. */
    void interrupt() {
        process.destroy();
    }

    /** Ends it as a power cut does, with SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Whether it still runs, after giving it a moment to go on. */
    boolean runs() throws InterruptedException {
        return !process.waitFor(100, TimeUnit.MILLISECONDS);
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
