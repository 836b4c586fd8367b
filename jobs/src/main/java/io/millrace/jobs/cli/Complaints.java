package io.millrace.jobs.cli;

import io.millrace.jobs.yaml.WrongSpec;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in words: a stack trace is shown only to those who ask for it with {@code --debug}. */
final class Complaints implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** What the JDK says with a class, and a message that is but the path. */
    private static final Map<Class<?>, String> FAULTS = Map.of(
            NoSuchFileException.class, "there is no such file or directory",
            AccessDeniedException.class, "access is denied",
            FileAlreadyExistsException.class, "it exists already",
            NotDirectoryException.class, "it is no directory");

    private final Millrace options;

    Complaints(Millrace options) {
        this.options = options;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (options.debug) {
            thrown.printStackTrace(err);
        } else if (thrown instanceof WrongSpec wrong) {
            wrong.mistakes().forEach(err::println);
        } else {
            err.println("millrace: " + reason(thrown));
        }
        if (thrown instanceof WrongSpec wrong) {
            int count = wrong.mistakes().size();
            err.println(count + (count == 1 ? " mistake" : " mistakes"));
            return ExitCode.WRONG_SPEC;
        }
        return ExitCode.FAILED;
    }

    @Override
    public int handleParseException(ParameterException thrown, String[] args) {
        CommandLine command = thrown.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("millrace: " + thrown.getMessage());
        UnmatchedArgumentException.printSuggestions(thrown, err);
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.WRONG_USAGE;
    }

    private static String reason(Exception thrown) {
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return name;
        }
        boolean onlyPath = thrown instanceof FileSystemException file && file.getReason() == null;
        return onlyPath ? message + ": " + FAULTS.getOrDefault(thrown.getClass(), name) : message;
    }
}
