package io.millrace.tests.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.models.djl.TorchArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A minibatch step of dense layers, rectifiers between them, cross-entropy and Adam as one bare TorchScript call:
 * parameters are tensors of their own, and nothing is checked, counted, clipped or written back.
 */
final class BareScript implements Lap {
    private static final String TYPE = "Bare";
    static final double RATE = 0.003;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    private final Minibatch samples;
    private final int batches;
    private final PtNDManager manager =
            (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    private final PtSymbolBlock step;
    private final NDList state = new NDList(); // weights and biases by turns, then their means, then their mean squares
    private int updates;

    /** @param widths of the values between the layers, from the inputs to the classes */
    BareScript(Minibatch samples, List<Integer> widths, int batches) {
        this.samples = samples;
        this.batches = batches;
        List<Shape> shapes = new ArrayList<>();
        for (int layer = 1; layer < widths.size(); layer++) {
            shapes.add(new Shape(widths.get(layer - 1), widths.get(layer)));
            shapes.add(new Shape(widths.get(layer)));
        }
        shapes.forEach(shape -> state.add(manager.randomNormal(0, 0.05f, shape, DataType.FLOAT32)));
        shapes.forEach(shape -> state.add(manager.zeros(shape)));
        shapes.forEach(shape -> state.add(manager.zeros(shape)));
        byte[] archive = TorchArchive.of(TYPE, source(shapes.size()));
        try {
            step = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    private static String source(int parameters) {
        StringBuilder source =
                new StringBuilder("class " + TYPE + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n"
                        + "  training : bool\n  def forward(self: __torch__." + TYPE
                        + ", x: Tensor, y: Tensor, rate: Tensor, scale: Tensor");
        for (String kind : List.of("p", "m", "v")) {
            for (int i = 0; i < parameters; i++) {
                source.append(", ").append(kind).append(i).append(": Tensor");
            }
        }
        source.append(") -> Tensor:");
        List<String> leaves = new ArrayList<>();
        for (int i = 0; i < parameters; i++) {
            line(source, "w" + i + " = torch.requires_grad_(torch.detach(p" + i + "), True)");
            leaves.add("w" + i);
        }
        for (int i = 0; i < parameters; i += 2) {
            String sum = "torch.addmm(w" + (i + 1) + ", x, w" + i + ")";
            line(source, "x = " + (i + 2 < parameters ? "torch.relu(" + sum + ")" : sum));
        }
        line(source, "loss = torch.cross_entropy_loss(x, y)");
        line(source, "gradients = torch.grad([loss], [" + String.join(", ", leaves) + "])");
        for (int i = 0; i < parameters; i++) {
            line(source, "g = unchecked_cast(Tensor, gradients[" + i + "])");
            line(source, "_ = m" + i + ".lerp_(g, " + (1 - BETA1) + ")");
            line(source, "_ = v" + i + ".mul_(" + BETA2 + ").addcmul_(g, g, value=" + (1 - BETA2) + ")");
            line(source, "root = torch.sqrt(v" + i + ", out=g).mul_(scale / rate).add_(1e-08 / rate)");
            line(source, "_ = p" + i + ".addcdiv_(m" + i + ", root, value=-1.)");
        }
        line(source, "return torch.detach(x)");
        return source.append('\n').toString();
    }

    private static void line(StringBuilder source, String statement) {
        source.append("\n    ").append(statement);
    }

    @Override
    public double rate() {
        return Lap.timed(batches * samples.size(), () -> {
            for (int i = 0; i < batches; i++) {
                learn();
            }
        });
    }

    private void learn() {
        updates++;
        try (NDManager call = manager.newSubManager()) {
            NDList arguments = new NDList(
                    call.create(Minibatch.flat(samples.features()), new Shape(samples.size(), samples.inputs())),
                    call.create(Minibatch.flat(samples.labels())).toType(DataType.INT64, false),
                    call.create((float) (RATE / (1 - Math.pow(BETA1, updates)))),
                    call.create((float) (1 / Math.sqrt(1 - Math.pow(BETA2, updates)))));
            arguments.addAll(state);
            JniUtils.setGradMode(true);
            JniUtils.setGraphExecutorOptimize(false);
            IValueUtils.forward(step, arguments, true).singletonOrThrow().toFloatArray();
        }
    }
}
