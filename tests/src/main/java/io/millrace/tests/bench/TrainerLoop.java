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

/** How DJL alone would learn event by event: one model, its Trainer and its Adam, batches of one. */
final class TrainerLoop implements Lap {
    private final Population stream;
    private final int events;
    private final Trainer trainer;

    TrainerLoop(Population stream, int events) {
        this.stream = stream;
        this.events = events;
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
        trainer.initialize(new Shape(1, Population.INPUTS));
    }

    @Override
    public double rate() {
        return Lap.timed(events, () -> {
            for (int event = 0; event < events; event++) {
                learn(stream.features(event), stream.label(event));
            }
        });
    }

    private void learn(float[] features, float[] label) {
        try (NDManager batch = trainer.getManager().newSubManager()) {
            NDList input = new NDList(batch.create(features, new Shape(1, features.length)));
            NDList target = new NDList(batch.create(label, new Shape(1, 1)));
            try (GradientCollector gradients = trainer.newGradientCollector()) {
                NDList outputs = trainer.forward(input);
                outputs.attach(batch);
                NDArray loss = trainer.getLoss().evaluate(target, outputs);
                loss.attach(batch);
                gradients.backward(loss);
            }
            trainer.step();
        }
    }
}
