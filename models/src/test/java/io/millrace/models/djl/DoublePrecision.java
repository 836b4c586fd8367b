package io.millrace.models.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.models.Program;
import io.millrace.models.RandomCase;
import io.millrace.models.RandomCase.Event;
import io.millrace.models.Target;
import io.millrace.models.program.Script.Purpose;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs the step of a program over a random case in double precision, with the gradients of autograd: what both
 * executors approximate.
 *
 * <p>With noise it also moves every feature, soft label, parameter, slot and statistic in every round by up to half a
 * float's last place, as keeping them in floats does. How far that leads tells how far a float executor may be off.
 */
final class DoublePrecision {
    private static final double HALF_PLACE = 0x1p-24;

    /** A step rounds more than once per number: what it may be off, in what one rounding per number and round leads to. */
    private static final double ROUNDINGS = 32;

    private final Program program;
    private final boolean noise;
    private final Random random;

    private DoublePrecision(Program program, boolean noise, long seed) {
        this.program = program;
        this.noise = noise;
        random = new Random(seed);
    }

    /** True if two traces of a case by float executors are no farther apart than 1e-5, or than rounding explains. */
    static boolean close(RandomCase each, double distance) {
        return distance <= 1e-5 || distance <= rounding(each, Trace.jvm(each));
    }

    /** How far from double precision rounding may lead a float executor. */
    static double rounding(RandomCase each, Trace floats) {
        return ROUNDINGS * of(each, floats, true).distance(of(each, floats, false), each);
    }

    /**
     * The trace of a case.
     *
     * @param floats another trace: events that it refused, as a double would not overflow there, have no effect here
     */
    static Trace of(RandomCase each, Trace floats, boolean noise) {
        return new DoublePrecision(each.program(), noise, each.seed()).run(each, floats);
    }

    private Trace run(RandomCase each, Trace floats) {
        int width = program.layout().width();
        int[] learnt = IntStream.range(0, width)
                .filter(at -> Trace.isLearnt(program, at))
                .toArray();
        List<double[]> outcomes = new ArrayList<>();
        try (PtNDManager manager = Torch.manager(Device.CPU)) {
            NDArray slab = manager.create(flat(Trace.initialRows(program))).reshape(RandomCase.KEYS + 1, width);
            NDArray room = manager.zeros(new Shape(RandomCase.KEYS, width), DataType.FLOAT64);
            NDArray gradient = manager.zeros(
                    new Shape(
                            (long) RandomCase.KEYS * program.members(),
                            program.member().parameters()),
                    DataType.FLOAT64);
            PtSymbolBlock step = load(
                    manager,
                    StepScript.of(program, Updates.PER_EVENT, Purpose.AUTOGRAD).replace(".float()", ".double()"));
            Batch batch = new Batch(program, RandomCase.KEYS);
            for (List<Event> round : each.rounds()) {
                try (NDManager call = manager.newSubManager()) {
                    int from = outcomes.size();
                    batch.clear();
                    for (Event e : round) {
                        boolean refused = floats.refused(outcomes.size());
                        outcomes.add(floats.outcomes().get(outcomes.size()));
                        if (!refused) {
                            batch.add(e.key(), e.features(), e.label(), e.weight(), e.learn());
                        }
                    }
                    if (batch.size() > 0) {
                        NDList arguments = new NDList(samples(call, batch), index(call, batch), slab, room, gradient);
                        overwrite(outcomes, from, floats, values(step, arguments));
                        disturb(call, slab, learnt);
                    }
                }
            }
            return new Trace(outcomes, rows(slab.toDoubleArray(), width));
        }
    }

    private NDArray samples(NDManager call, Batch batch) {
        Shape shape = new Shape(batch.size(), StepScript.sampleWidth(program));
        NDArray samples = call.create(batch.samples(0, batch.size()), shape, DataType.FLOAT32)
                .toType(DataType.FLOAT64, true);
        disturb(call, samples, inexact());
        return samples;
    }

    private static NDArray index(NDManager call, Batch batch) {
        return call.create(batch.slots(0, batch.size()), new Shape(batch.size()), DataType.INT64);
    }

    private static double[] values(PtSymbolBlock step, NDList arguments) {
        JniUtils.setGradMode(true);
        JniUtils.setGraphExecutorOptimize(false);
        return IValueUtils.forward(step, arguments, true).singletonOrThrow().toDoubleArray();
    }

    /** Puts scores and losses in the place of those of the events that were not refused. */
    private void overwrite(List<double[]> outcomes, int from, Trace floats, double[] values) {
        int scores = program.problem().target().scores();
        int at = 0;
        for (int event = from; event < outcomes.size(); event++) {
            if (!floats.refused(event)) {
                double[] outcome = outcomes.get(event).clone();
                System.arraycopy(values, at, outcome, 0, scores + 1);
                outcomes.set(event, outcome);
                at += scores + StepScript.OUTCOME_COLUMNS;
            }
        }
    }

    /** Columns of a sample that hold what was rounded: numbers, and a label that is no class's index. */
    private int[] inexact() {
        int numeric = program.problem().inputs().numeric();
        int width = program.problem().inputs().width();
        Target target = program.problem().target();
        int label = target instanceof Target.Classes ? 0 : target.labelWidth();
        return IntStream.concat(IntStream.range(0, numeric), IntStream.range(width, width + label))
                .toArray();
    }

    private void disturb(NDManager call, NDArray matrix, int[] columns) {
        if (noise) {
            int width = (int) matrix.getShape().get(1);
            double[] factors = new double[(int) matrix.size()];
            Arrays.fill(factors, 1);
            for (int row = 0; row < factors.length; row += width) {
                for (int column : columns) {
                    factors[row + column] += HALF_PLACE * (2 * random.nextDouble() - 1);
                }
            }
            matrix.muli(call.create(factors).reshape(matrix.getShape()));
        }
    }

    /** The rows behind one another, and one more that is nobody's. */
    private static double[] flat(float[][] rows) {
        int width = rows[0].length;
        double[] flat = new double[(rows.length + 1) * width];
        for (int i = 0; i < rows.length * width; i++) {
            flat[i] = rows[i / width][i % width];
        }
        return flat;
    }

    private static double[][] rows(double[] flat, int width) {
        return IntStream.range(0, RandomCase.KEYS)
                .mapToObj(row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width))
                .toArray(double[][]::new);
    }

    private static PtSymbolBlock load(PtNDManager manager, String source) {
        try {
            byte[] archive = TorchArchive.of(StepScript.TYPE, source);
            return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }
}
