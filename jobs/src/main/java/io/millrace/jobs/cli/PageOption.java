package io.millrace.jobs.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a job can be watched in a browser. */
final class PageOption {
    private static final Pattern ADDRESS = Pattern.compile("(?:(.+):)?(\\d{1,5})");

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--watch-at",
            paramLabel = "[HOST:]PORT",
            description = "Serve the live page at this port, 0 for a free one; of this machine's loopback interface,"
                    + " unless HOST names another of its addresses. Whoever reaches it can read predictions and dead"
                    + " letters.")
    private @Nullable String at;

    /** Whether an address was named. */
    boolean named() {
        return at != null;
    }

    /** The address that was named, else a free port of the loopback interface. */
    InetSocketAddress address() {
        if (at == null) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }
        Matcher parts = ADDRESS.matcher(at);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
            throw wrong("must be PORT or HOST:PORT, PORT in [0, 65535]");
        }
        String host = parts.group(1);
        int port = Integer.parseInt(parts.group(2));
        InetSocketAddress address = host == null
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                : new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw wrong("names no known host");
        }
        return address;
    }

    private ParameterException wrong(String rule) {
        return new ParameterException(command.commandLine(), "--watch-at " + at + " " + rule);
    }
}
