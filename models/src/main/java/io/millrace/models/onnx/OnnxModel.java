package io.millrace.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.millrace.models.Inputs;
import io.millrace.models.Program;
import io.millrace.models.Target;
import io.millrace.models.layer.Layer;
import io.millrace.models.onnx.Graph.Elements;
import io.millrace.models.onnx.Graph.Value;
import io.millrace.models.program.Layout;
import io.millrace.models.program.Range.Section;
import io.millrace.models.program.Script;
import io.millrace.models.spec.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One row as an ONNX model, which predicts any number of events at once and does not learn.
 *
 * <p>Each feature is an input [events, 1]: a number is a float, NaN where it is missing; a category is the index of its
 * bucket, int64. Each class has an output {@code probability:CLASS} [events, 1]; a predicted value is the output {@code
 * prediction} [events, 1]. Where Millrace refuses to predict, because a feature is too large for the model, some output
 * is not finite. Running statistics include the event itself, and nothing of the other events.
 */
public final class OnnxModel {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 18;
    private static final String FEATURES = "x";
    private static final String OUTPUT = "prediction";

    private OnnxModel() {}

    /**
     * The bytes of an .onnx file.
     *
     * @param row of the program's layout, read only
     * @param inputs a name for each feature, numbers first, then categories
     * @param notes metadata of the model
     * @throws IllegalArgumentException if a layer computes something that is not translated, naming the layer; or if a
     *     feature is called as an output
     */
    public static byte[] of(Program program, float[] row, List<String> inputs, Map<String, String> notes) {
        List<String> results = results(program.problem().target());
        results.stream().filter(inputs::contains).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    "the feature \"" + name + "\" has the name of an output of the ONNX model");
        });
        Graph graph = new Graph("millrace");
        Translation translation = new Translation(graph);
        translation.put(FEATURES, features(graph, program, inputs));
        List<Writer> members = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (int member = 0; member < program.members(); member++) {
            members.add(new Writer(program, row, member, graph, translation));
            outputs.add(members.get(member).network(program));
        }
        String output = members.size() == 1 ? outputs.get(0) : mixed(translation, outputs, program.weights(row));
        outputs(graph, translation, members.get(0).scores(program, output), results);
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("millrace")
                .setGraph(graph.build());
        model.addOpsetImportBuilder().setVersion(OPSET);
        notes.forEach((key, note) -> model.addMetadataPropsBuilder().setKey(key).setValue(note));
        return model.build().toByteArray();
    }

    /** The network of one member of a row, whose statements are translated as they are written. */
    private static final class Writer {
        private final Script script;
        private final Translation translation;
        private int translated;

        Writer(Program program, float[] row, int member, Graph graph, Translation translation) {
            Layout layout = program.member();
            String prefix = program.members() == 1 ? "" : "m" + member + "_";
            int start = member * layout.width();
            for (Section section : List.of(Section.PARAMETERS, Section.BUFFERS)) {
                int from = start + layout.start(section);
                float[] values = Arrays.copyOfRange(row, from, from + layout.length(section));
                if (values.length > 0) {
                    String name = prefix + section.name().toLowerCase(Locale.ROOT);
                    translation.put(prefix + name(section), graph.stored("/" + name, values));
                }
            }
            script = new Script(Script.Purpose.PREDICT, true, layout, prefix);
            this.translation = translation;
        }

        /** What a script calls a section of the row. */
        private static String name(Section section) {
            return section == Section.BUFFERS ? "b" : "p";
        }

        /** The network's outputs. */
        String network(Program program) {
            translate("the row");
            List<String> names = names(program);
            String value = FEATURES;
            for (int s = 0; s < names.size(); s++) {
                value = program.stages().get(s).script(script, value);
                translate(names.get(s));
            }
            String outputs = script.outputs(value);
            translate("the outputs");
            return outputs;
        }

        String scores(Program program, String outputs) {
            String scores = program.head().scoresScript(script, outputs);
            translate("the loss");
            return scores;
        }

        private void translate(String part) {
            List<String> statements = script.statements();
            try {
                statements.subList(translated, statements.size()).forEach(translation::translate);
            } catch (Untranslatable e) {
                throw new IllegalArgumentException(part + ": " + e.getMessage(), e);
            }
            translated = statements.size();
        }
    }

    /** The members' outputs together, by weight; a member whose outputs are not finite has no say. */
    private static String mixed(Translation translation, List<String> outputs, double[] weights) {
        List<String> said = new ArrayList<>();
        List<String> say = new ArrayList<>();
        for (int member = 0; member < weights.length; member++) {
            String output = outputs.get(member);
            String sane = "sane" + member;
            translation.translate(sane + " = torch.sum(" + output + " * 0., [1], True) == 0.");
            translation.translate("say" + member + " = torch.where(" + sane + ", " + weights[member] + ", 0.)");
            say.add("say" + member);
            said.add("say" + member + " * torch.where(" + sane + ", " + output + ", 0.)");
        }
        translation.translate("mixed = (" + String.join(" + ", said) + ") / (" + String.join(" + ", say) + ")");
        return "mixed";
    }

    private static Value features(Graph graph, Program program, List<String> names) {
        Inputs inputs = program.problem().inputs();
        if (names.size() != inputs.width()) {
            throw new IllegalArgumentException(names.size() + " names must be as many as features: " + inputs.width());
        }
        Value[] columns = new Value[inputs.width()];
        for (int i = 0; i < inputs.numeric(); i++) {
            Value number = graph.input(names.get(i), Elements.FLOAT, "a number; NaN where it is missing");
            Value zero = graph.number(0, Elements.FLOAT);
            columns[i] = program.acceptsMissing()
                    ? number
                    : graph.add("Where", Elements.FLOAT, graph.add("IsNaN", Elements.BOOL, number), zero, number);
        }
        for (int i = inputs.numeric(); i < columns.length; i++) {
            int buckets = inputs.categories().get(i - inputs.numeric()).buckets();
            Value bucket = graph.input(names.get(i), Elements.INT64, "a bucket in [0, " + buckets + ")");
            columns[i] =
                    graph.add("Cast", Elements.FLOAT, List.of(Graph.attribute("to", Elements.FLOAT.code())), bucket);
        }
        return graph.add("Concat", Elements.FLOAT, List.of(Graph.attribute("axis", 1)), columns);
    }

    /** What each stage is called: as in a job file, but for those that every model has. */
    private static List<String> names(Program program) {
        List<String> names = new ArrayList<>();
        if (!program.problem().inputs().categories().isEmpty()) {
            names.add("the categories");
        }
        List<Layer> layers = program.spec().layers();
        for (int position = 0; position < layers.size(); position++) {
            String term = Settings.term(layers.get(position).getClass());
            names.add("layers[" + position + "] " + term);
        }
        names.add("the output layer");
        return names;
    }

    private static List<String> results(Target target) {
        return target.classes().isEmpty()
                ? List.of(OUTPUT)
                : target.classes().stream().map(name -> "probability:" + name).toList();
    }

    private static void outputs(Graph graph, Translation translation, String scores, List<String> names) {
        if (names.equals(List.of(OUTPUT))) {
            graph.output(translation.value(scores), OUTPUT, "the predicted value");
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            Value column = translation.value(scores + "[:, " + i + ":" + (i + 1) + "]");
            graph.output(column, names.get(i), "between 0 and 1");
        }
    }
}
