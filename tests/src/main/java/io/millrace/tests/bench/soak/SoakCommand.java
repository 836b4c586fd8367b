package io.millrace.tests.bench.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.operators.Execution.Executor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace bench soak}. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Many events through one learner at full speed, with a checkpoint every five seconds.",
            "",
            "Prints speed, heap, resident memory and checkpoint size of each stretch; exits with 1 if the last third is"
                    + " more than a tenth worse than the first."
        })
public final class SoakCommand implements Callable<Integer> {
    @Option(names = "--events", defaultValue = "20000000", description = "default: ${DEFAULT-VALUE}")
    private long events;

    @Option(names = "--keys", defaultValue = "10000", description = "default: ${DEFAULT-VALUE}")
    private int keys;

    @Option(names = "--backend", defaultValue = "hashmap", description = "hashmap (the default) or rocksdb")
    private String backend = "";

    @Option(names = "--executor", defaultValue = "jvm", description = "jvm (the default) or djl")
    private Executor executor = Executor.JVM;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the stretches to this file.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("millrace-soak");
        System.out.println(Stretch.HEADER);
        List<Stretch> stretches;
        try {
            Soak soak = new Soak(events, keys, backend, executor, directory);
            stretches = soak.run(stretch -> System.out.println(stretch.line()));
        } finally {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
        Verdict verdict = new Verdict(stretches);
        verdict.sentences().forEach(System.out::println);
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), stretches);
        }
        return verdict.flat() ? 0 : 1;
    }
}
