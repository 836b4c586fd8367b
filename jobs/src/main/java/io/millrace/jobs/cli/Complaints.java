package io.millrace.jobs.cli;

import io.millrace.jobs.yaml.WrongSpec;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in words: a stack trace is shown only to those who ask for it with {@code --debug}. */
final class Complaints implements IExecutionExceptionHandler, IParameterExceptionHandler {
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
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }
}
