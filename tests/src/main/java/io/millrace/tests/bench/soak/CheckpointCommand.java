package io.millrace.tests.bench.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace bench checkpoint}. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = {
            "How long checkpoints hold up a learner of many models at full speed, and how many bytes they write.",
            "",
            "Full and as configured (incremental on rocksdb), without and with a snapshot that is due. 100,000 models are"
                    + " 2.8 GB: MILLRACE_JAVA_OPTS=-Xmx8g, and disk for several times as much."
        })
public final class CheckpointCommand implements Callable<Integer> {
    @Option(names = "--keys", defaultValue = "100000", description = "default: ${DEFAULT-VALUE}")
    private int keys;

    @Option(
            names = "--backend",
            split = ",",
            defaultValue = "hashmap,rocksdb",
            description = "default: ${DEFAULT-VALUE}")
    private List<String> backends = List.of();

    @Option(
            names = "--snapshots",
            arity = "1", // else a list of truth values takes none
            split = ",",
            defaultValue = "false,true",
            description = "default: ${DEFAULT-VALUE}")
    private List<Boolean> snapshots = List.of();

    @Option(
            names = "--more",
            defaultValue = "2",
            description = "Checkpoints after the first (default: ${DEFAULT-VALUE}).")
    private int more;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures to this file.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        List<Held> all = new ArrayList<>();
        System.out.println(Held.HEADER);
        for (String backend : backends) {
            for (boolean snapshot : snapshots) {
                Path directory = Files.createTempDirectory("millrace-checkpoint");
                CheckpointCost cost = new CheckpointCost(backend, keys, snapshot, directory);
                try {
                    all.addAll(cost.run(more, held -> System.out.println(held.line())));
                } finally {
                    FileUtils.deleteDirectoryQuietly(directory.toFile());
                }
            }
        }
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), all);
        }
        return 0;
    }
}
