package io.millrace.jobs.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code millrace}; each verb is a class of its own. */
@Command(
        name = "millrace",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":all went well",
            ExitCode.FAILED + ":something failed, as the last line says",
            ExitCode.WRONG_USAGE + ":the command line cannot be understood",
            ExitCode.WRONG_SPEC + ":the job file holds mistakes, which are listed"
        },
        description = "Online deep learning on Apache Flink: a neural network for every key of your stream.",
        footer = {"%nExamples:", "  millrace demo", "  millrace validate job.yaml", "  millrace run --help"},
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ClusterCommand.class,
            EvaluateCommand.class,
            ValidateCommand.class,
            SchemaCommand.class,
            FeedCommand.class,
            ConsumeCommand.class,
            InspectCommand.class,
            ServeCommand.class,
            ExportCommand.class
        })
public final class Millrace {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of what fails.")
    boolean debug;

    private Millrace() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command line, ready to be executed. */
    static CommandLine commandLine() {
        Millrace millrace = new Millrace();
        Complaints complaints = new Complaints(millrace);
        return new CommandLine(millrace)
                .setExecutionExceptionHandler(complaints)
                .setParameterExceptionHandler(complaints)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }
}
