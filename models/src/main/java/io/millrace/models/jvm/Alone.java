package io.millrace.models.jvm;

import io.millrace.models.Program;

/** One network. */
final class Alone implements Learners {
    private final Network network;
    private final boolean stochastic;

    Alone(Program program, float[] input) {
        network = new Network(program, program.layout(), input);
        stochastic = program.stochastic();
    }

    @Override
    public void predict(float[] row, long updates, float[] scores) {
        network.forward(row);
        network.head().scores(row, network.outputs(), scores);
    }

    @Override
    public boolean learn(float[] row, float[] label, float weight, long update, long draw, float factor) {
        if (stochastic) {
            network.forwardLearning(row, draw);
        }
        boolean sound = network.differentiate(row, label, weight);
        if (sound) {
            network.move(row, update, factor);
        }
        return sound;
    }

    @Override
    public double loss() {
        return network.loss();
    }
}
