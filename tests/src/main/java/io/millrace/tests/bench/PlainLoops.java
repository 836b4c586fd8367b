package io.millrace.tests.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The same work in a JVM that has no Vector API: a process of its own, which prints its rate. */
record PlainLoops(int models, int events) implements Lap {
    private static final int WARM = 3;

    @Override
    public double rate() throws Exception {
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + Runtime.getRuntime().maxMemory(),
                        "-XX:+UseParallelGC",
                        "-Xmn200m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlainLoops.class.getName(),
                        "" + models,
                        "" + events))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] lines = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
        if (child.waitFor() != 0) {
            throw new IllegalStateException("the JVM without the Vector API ended with " + child.exitValue());
        }
        return Double.parseDouble(lines[lines.length - 2]);
    }

    /** Arguments: models, events per lap. */
    public static void main(String[] arguments) throws Exception {
        int models = Integer.parseInt(arguments[0]);
        Lap lap = new Population(models).learn(models, Integer.parseInt(arguments[1]));
        for (int i = 0; i < WARM; i++) {
            lap.rate();
        }
        System.out.println(lap.rate());
    }
}
