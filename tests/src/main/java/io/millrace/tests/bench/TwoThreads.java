package io.millrace.tests.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two laps at the same time, on a thread each; their rates added. */
record TwoThreads(Lap one, Lap other) implements Lap {
    @Override
    public double rate() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Double>> laps = List.of(one::rate, other::rate);
            double sum = 0;
            for (Future<Double> rate : threads.invokeAll(laps)) {
                sum += rate.get();
            }
            return sum;
        } finally {
            threads.shutdown();
        }
    }
}
