package io.millrace.models.layer;

import io.millrace.models.Inputs;
import io.millrace.models.program.Descent;
import io.millrace.models.program.Initializer;
import io.millrace.models.program.Kernel;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range;
import io.millrace.models.program.Script;
import io.millrace.models.program.Shape;
import io.millrace.models.program.Site;
import io.millrace.models.program.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces each bucket index behind the numbers by the bucket's learnt vector; stands before the first layer of
 * every model with categories.
 *
 * <p>Only the vector of the sample's own bucket is updated: a momentum or Adam slot of a bucket that does not occur
 * does not decay meanwhile, as in PyTorch's SparseAdam.
 */
public final class Embed implements Stage {
    private final int numeric;
    private final List<Inputs.Category> categories;
    private final List<Range> tables;
    private final int width;

    private Embed(int numeric, List<Inputs.Category> categories, List<Range> tables) {
        this.numeric = numeric;
        this.categories = categories;
        this.tables = tables;
        width = numeric
                + categories.stream().mapToInt(Inputs.Category::dimension).sum();
    }

    /** Lays out one table per category. */
    public static Embed compile(Site site, Inputs inputs) {
        List<Range> tables = new ArrayList<>();
        for (int i = 0; i < inputs.categories().size(); i++) {
            Inputs.Category category = inputs.categories().get(i);
            Initializer initializer = Initializer.normal(1 / Math.sqrt(category.dimension()));
            tables.add(site.parameter("" + i, initializer, category.buckets(), category.dimension()));
        }
        return new Embed(inputs.numeric(), inputs.categories(), List.copyOf(tables));
    }

    @Override
    public Shape output() {
        return Shape.features(width, numeric);
    }

    @Override
    public boolean acceptsMissing() {
        return true; // numbers pass unchanged
    }

    @Override
    public Kernel kernel(Layout layout) {
        return new Arithmetic(
                numeric,
                tables.stream().mapToInt(layout::at).toArray(),
                categories.stream().mapToInt(Inputs.Category::dimension).toArray());
    }

    @Override
    public String script(Script script, String input) {
        List<String> parts = new ArrayList<>();
        parts.add(script.let(input + "[:, 0:" + numeric + "]"));
        for (int i = 0; i < tables.size(); i++) {
            int column = numeric + i;
            String bucket = script.let(input + "[:, " + column + ":" + (column + 1) + "]");
            parts.add(script.lookup(tables.get(i), bucket));
        }
        String output = script.let("torch.cat(" + parts + ", 1)");
        script.derive(output, slope -> {
            int from = numeric;
            for (int i = 0; i < categories.size(); i++) {
                int to = from + categories.get(i).dimension();
                script.slope(parts.get(i + 1), slope + "[:, " + from + ":" + to + "]");
                from = to;
            }
        });
        return output;
    }

    private record Arithmetic(int numeric, int[] tables, int[] dimensions) implements Kernel {
        @Override
        public void forward(float[] row, float[] input, float[] output) {
            System.arraycopy(input, 0, output, 0, numeric);
            for (int i = 0, to = numeric; i < tables.length; to += dimensions[i++]) {
                System.arraycopy(row, at(i, input), output, to, dimensions[i]);
            }
        }

        private int at(int category, float[] input) {
            return tables[category] + ((int) input[numeric + category]) * dimensions[category];
        }

        @Override
        public void backward(float[] row, float[] input, float[] output, float[] outputDelta, float[] inputDelta) {
            System.arraycopy(outputDelta, 0, inputDelta, 0, numeric); // an index has no gradient
        }

        @Override
        public double squaredGradient(float[] input, float[] outputDelta) {
            double sum = 0;
            for (int i = numeric; i < outputDelta.length; i++) {
                sum += (double) outputDelta[i] * outputDelta[i];
            }
            return sum;
        }

        @Override
        public void update(float[] row, float[] input, float[] outputDelta, Descent descent) {
            for (int i = 0, from = numeric; i < tables.length; from += dimensions[i++]) {
                descent.step(row, at(i, input), dimensions[i], outputDelta, from, 1);
            }
        }
    }
}
