package io.millrace.jobs.cluster;

import io.millrace.jobs.local.KafkaProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** Starts the processes of one cluster, with the memory that Flink's settings give them. */
final class Launcher {
    private static final String JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

    private final ClusterStart start;
    private final Configuration common;
    private final Configuration configuration;

    /**
     * A launcher for one cluster.
     *
     * @param common what all processes are told beside the settings file
     */
    Launcher(ClusterStart start, Configuration common) {
        this.start = start;
        this.common = common;
        configuration = GlobalConfiguration.loadConfiguration(start.settings().toString(), common);
    }

    /** Slots of all task managers. */
    int slots() {
        return start.taskManagers() * configuration.get(TaskManagerOptions.NUM_TASK_SLOTS);
    }

    Member jobManager() throws IOException {
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);
        return flink(
                "job-manager",
                words(
                        JobManagerProcessUtils.generateJvmParametersStr(memory, configuration),
                        configuration.get(CoreOptions.FLINK_JM_JVM_OPTIONS)),
                JOB_MANAGER,
                words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
    }

    Member taskManager(int number) throws IOException {
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        String name = "task-manager-" + number;
        return flink(
                name,
                words(
                        ProcessMemoryUtils.generateJvmParametersStr(memory),
                        configuration.get(CoreOptions.FLINK_TM_JVM_OPTIONS)),
                TASK_MANAGER,
                words(
                        TaskExecutorProcessUtils.generateDynamicConfigsStr(memory),
                        "-D " + TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + name));
    }

    Member kafka(int port) throws IOException {
        return launch(
                "kafka",
                List.of("-Xmx512m"),
                start.distribution().classPath(),
                List.of(
                        KafkaProgram.class.getName(),
                        start.directory().resolve("kafka").toString(),
                        Integer.toString(port)));
    }

    private Member flink(String name, List<String> jvm, String program, List<String> settings) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(program, "--configDir", start.settings().toString()));
        common.toMap().forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
        arguments.addAll(settings);
        return launch(name, jvm, start.distribution().flinkClassPath(), arguments);
    }

    private Member launch(String name, List<String> jvm, String classPath, List<String> program) throws IOException {
        Path logs = start.directory().resolve("log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-XX:-UsePerfData");
        command.add("-Djava.io.tmpdir=" + start.directory().resolve(ClusterStart.TEMPORARY));
        command.add("-Dlog.file=" + logs.resolve(name + ".log"));
        command.add("-Dlog4j2.configurationFile=" + start.settings().resolve("log4j.properties"));
        command.addAll(List.of("-cp", classPath));
        command.addAll(program);
        Process process = new ProcessBuilder(command)
                .directory(start.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(logs.resolve(name + ".out").toFile())
                .start();
        return Member.of(name, process.toHandle());
    }

    private static List<String> words(String... texts) {
        return Stream.of(String.join(" ", texts).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
