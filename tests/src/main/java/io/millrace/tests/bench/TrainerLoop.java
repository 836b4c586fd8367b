package io.millrace.tests.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;

/** How DJL alone would learn: one model, its Trainer and its Adam. */
final class TrainerLoop implements Lap {
    private final Population stream;
    private final int events;
    private final int batch;
    private final Trainer trainer;

    /** @param batch events per step */
    TrainerLoop(Population stream, int events, int batch) {
        this.stream = stream;
        this.events = events;
        this.batch = batch;
        Model model = Engine.getEngine("PyTorch").newModel("baseline", Device.cpu());
        model.setBlock(new SequentialBlock()
                .add(Linear.builder().setUnits(Population.UNITS).build())
                .add(Activation::relu)
                .add(LayerNorm.builder().build())
                .add(Linear.builder().setUnits(1).build()));
        Adam adam = Adam.builder().optLearningRateTracker(Tracker.fixed(0.003f)).build();
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss())
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(adam));
        trainer.initialize(new Shape(batch, Population.INPUTS));
    }

    @Override
    public double rate() {
        return Lap.timed(events, () -> {
            for (int event = 0; event < events; event += batch) {
                learn(event);
            }
        });
    }

    private void learn(int first) {
        float[] features = new float[batch * Population.INPUTS];
        float[] labels = new float[batch];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(stream.features(first + i), 0, features, i * Population.INPUTS, Population.INPUTS);
            labels[i] = stream.label(first + i)[0];
        }
        try (NDManager call = trainer.getManager().newSubManager()) {
            NDList input = new NDList(call.create(features, new Shape(batch, Population.INPUTS)));
            NDList target = new NDList(call.create(labels, new Shape(batch, 1)));
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList outputs = trainer.forward(input);
                outputs.attach(call);
                NDArray loss = trainer.getLoss().evaluate(target, outputs);
                loss.attach(call);
                gradients.backward(loss);
            }
            trainer.step();
        }
    }
}
