package io.millrace.jobs.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.FileUtils;

/**
 * A Flink cluster on this machine, as a file in its directory remembers it.
 *
 * @param port of its REST interface and web UI, on the loopback interface
 * @param members its processes
 */
public record LocalCluster(int port, List<Member> members) {
    private static final String FILE = "cluster.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public LocalCluster {
        members = List.copyOf(members);
    }

    /** The cluster that was started in a directory and has not been stopped. */
    public static Optional<LocalCluster> in(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), LocalCluster.class)) : Optional.empty();
    }

    void remember(Path directory) throws IOException {
        JSON.writeValue(directory.resolve(FILE).toFile(), this);
    }

    /** host:port of its REST interface. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Whether any of its processes still runs. */
    public boolean runs() {
        return members.stream().anyMatch(Member::runs);
    }

    /** Ends its processes, and nothing else; deletes their temporary files. */
    public void stop(Path directory) throws InterruptedException, IOException {
        members.forEach(Member::askToEnd);
        for (Member member : members) {
            member.awaitEnd();
        }
        Files.deleteIfExists(directory.resolve(FILE));
        FileUtils.deleteDirectoryQuietly(
                directory.resolve(ClusterStart.TEMPORARY).toFile());
    }
}
