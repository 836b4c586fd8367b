package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes of a real cluster die at random moments, and nothing is lost or learnt twice.
 *
 * <p>{@code ./mvnw verify -Pchaos -Dseed=N -Dkills=N} runs the long version.
 */
class ChaosIT {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int KILLS = Integer.getInteger("kills", 3); // of task managers; the others die besides
    private static final int EVENTS = Integer.getInteger("events", 60_000);
    private static final int FEED_SECONDS = 30; // if nothing held it up
    private static final int LONGEST_CALM_MILLIS = 2000;
    private static final int LONGEST_DOWN_MILLIS = 3000;

    @TempDir
    private Path directory;

    private final List<Fault> faults = new ArrayList<>();

    /** Something that can be done to a process. */
    private interface Deed {
        void run() throws Exception;
    }

    /** What may be killed. */
    private record Victim(String name, Deed kill, Deed start) {}

    /**
     * What happened.
     *
     * @param victim that was killed
     * @param nanos when, by {@link System#nanoTime}
     * @param events committed until then
     * @param downMillis when it was started again
     */
    private record Fault(String victim, long nanos, long events, int downMillis) {}

    @ParameterizedTest(name = "executor {0}, 1 in {1} of the events and kills")
    @CsvSource({"jvm, 1", "djl, 5"})
    void whateverDiesEveryEventCountsOnce(String executor, int oneIn) throws Exception {
        int events = EVENTS / oneIn;
        int models = events / 500;
        List<Reading> readings = Reading.mixed(events, models, events / 2000);
        try (Broker kafka = new Broker(directory.resolve("broker"));
                SessionCluster cluster = new SessionCluster(Files.createDirectory(directory.resolve("flink")), 2)) {
            WeatherJob job = WeatherJob.on(kafka, "weather", executor, 3, 2, directory);
            String id = submit(job, cluster);
            Feed feed = new Feed(job.readings(), readings, EVENTS / FEED_SECONDS);
            long begun = System.nanoTime();
            try (CommittedCount committed = new CommittedCount(job.predictions())) {
                strike(victims(kafka, cluster, Math.max(1, KILLS / oneIn)), feed, committed);
                feed.await();
                committed.await(events);
                print(executor, begun, committed);
            }
            cluster.drain(id);
            System.out.printf(
                    Locale.ROOT,
                    "%,d predictions and %,d dead letters, none missing, none twice; %,d models, %s%n",
                    events,
                    readings.size() - events,
                    models,
                    held(job, readings));
        }
    }

    /** Holds what was made against each executor's work by hand, and says how close it must have come. */
    private static String held(WeatherJob job, List<Reading> readings) throws Exception {
        if (job.executor().equals("jvm")) {
            new Outputs(job, readings, 0).areExactlyRight();
            return "the same bits as by hand";
        }
        new Outputs(job, readings, ByHand.djl(job.spec(), readings), 0).areExactlyRight();
        new Outputs(job, readings, 1e-5f).areExactlyRight();
        return "the same bits as by hand, within 1e-5 of those of the jvm executor";
    }

    private String submit(WeatherJob job, SessionCluster cluster) throws Exception {
        job.file();
        String address = cluster.address();
        try (CommandLine run = CommandLine.millrace(directory, "run", "job.yaml", "--cluster", address)) {
            assertThat(run.exitCode(Duration.ofMinutes(2)))
                    .as(run.err() + cluster.log())
                    .isZero();
            return run.out().strip();
        }
    }

    private static List<Victim> victims(Broker kafka, SessionCluster cluster, int kills) {
        Random random = new Random(SEED);
        List<Victim> victims = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            int which = random.nextInt(2);
            victims.add(new Victim(
                    "task manager " + (which + 1),
                    () -> cluster.killTaskManager(which),
                    () -> cluster.startTaskManager(which)));
        }
        victims.addAll(Collections.nCopies(kills < 10 ? 1 : 2, new Victim("broker", kafka::kill, kafka::start)));
        victims.add(new Victim("job manager", cluster::killJobManager, cluster::startJobManager));
        Collections.shuffle(victims, random);
        return victims;
    }

    /** Most strike when predictions flow again after the last, one in four regardless of that. */
    private void strike(List<Victim> victims, Feed feed, CommittedCount committed) throws Exception {
        Random random = new Random(SEED);
        for (Victim victim : victims) {
            feed.allow((faults.size() + 1.0) / (victims.size() + 1));
            if (faults.isEmpty() || random.nextInt(4) > 0) {
                committed.await(committed.now() + 1);
            }
            Thread.sleep(random.nextInt(LONGEST_CALM_MILLIS));
            int downMillis = random.nextInt(LONGEST_DOWN_MILLIS);
            faults.add(new Fault(victim.name(), System.nanoTime(), committed.now(), downMillis));
            victim.kill().run();
            Thread.sleep(downMillis);
            victim.start().run();
        }
    }

    private void print(String executor, long begun, CommittedCount committed) {
        System.out.printf(
                "Chaos, executor %s, seed %d: what was killed (kill -9), and what came of it%n", executor, SEED);
        System.out.printf(
                "%8s  %-15s  %9s  %10s  %14s%n", "second", "killed", "events", "down for s", "going on after");
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            long next = i + 1 < faults.size() ? faults.get(i + 1).nanos : System.nanoTime();
            System.out.printf(
                    Locale.ROOT,
                    "%8.1f  %-15s  %,9d  %10.1f  %12.1f s%n",
                    (fault.nanos - begun) / 1e9,
                    fault.victim,
                    fault.events,
                    fault.downMillis / 1e3,
                    committed.standstill(fault.nanos, next).toMillis() / 1e3);
        }
    }
}
