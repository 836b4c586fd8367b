package io.millrace.models.jvm;

import io.millrace.models.Program;
import io.millrace.models.optimizer.Committee;
import io.millrace.models.program.HeadKernel;

/**
 * Several networks, each over its own part of the row. Their outputs are weighted and added up, which gives one
 * prediction and one loss; each learns from a loss of its own.
 *
 * <p>A network whose outputs are not finite has no say. The loss's running statistics of the label are the same in all
 * parts, so those of the first serve for the sum.
 */
final class SideBySide implements Learners {
    private final Committee committee;
    private final Network[] networks;
    private final HeadKernel head;
    private final boolean stochastic;
    private final double[] weights;
    private final double[] losses; // NaN where the step is refused
    private final float[] outputs; // of all networks together
    private final float[] slope; // of the loss in them
    private double loss = Double.NaN;

    SideBySide(Program program, Committee committee, float[] input) {
        this.committee = committee;
        networks = new Network[committee.members()];
        for (int member = 0; member < networks.length; member++) {
            int place = member * program.member().width();
            networks[member] = new Network(program, program.member().from(place), input);
        }
        head = program.head().kernel(program.member());
        stochastic = program.stochastic();
        weights = new double[networks.length];
        losses = new double[networks.length];
        outputs = new float[program.head().outputs()];
        slope = new float[outputs.length];
    }

    @Override
    public void predict(float[] row, long updates, float[] scores) {
        for (Network network : networks) {
            network.forward(row);
        }
        committee.weights(row, updates, weights);
        add();
        head.scores(row, outputs, scores);
    }

    /** Adds up the outputs, weighted; NaN if no network has finite ones. */
    private void add() {
        double sum = 0;
        for (int member = 0; member < networks.length; member++) {
            weights[member] = finite(networks[member].outputs()) ? weights[member] : 0;
            sum += weights[member];
        }
        for (int i = 0; i < outputs.length; i++) {
            double output = 0;
            for (int member = 0; member < networks.length; member++) {
                output +=
                        weights[member] > 0 ? weights[member] * networks[member].outputs()[i] : 0;
            }
            outputs[i] = (float) (output / sum);
        }
    }

    private static boolean finite(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean learn(float[] row, float[] label, float weight, long update, long draw, float factor) {
        if (stochastic) {
            for (Network network : networks) {
                network.forwardLearning(row, draw);
            }
            add();
        }
        loss = head.loss(row, outputs, label, slope);
        boolean any = false;
        for (int member = 0; member < networks.length; member++) {
            boolean sound = networks[member].differentiate(row, label, weight) && finite(networks[member].outputs());
            losses[member] = sound ? networks[member].loss() * weight : Double.NaN;
            any |= sound;
        }
        if (!any || !Double.isFinite(loss)) {
            return false;
        }
        for (int member = 0; member < networks.length; member++) {
            if (!Double.isNaN(losses[member])) {
                networks[member].move(row, update, factor);
            }
        }
        committee.learnt(row, losses, weights, update, draw);
        return true;
    }

    @Override
    public double loss() {
        return loss;
    }
}
