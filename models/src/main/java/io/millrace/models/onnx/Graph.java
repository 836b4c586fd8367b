package io.millrace.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An ONNX graph that grows node by node. Values within it are called {@code /0}, {@code /1} and so on, which no feature
 * or class can be confused with.
 */
final class Graph {
    /** The first dimension of every input and output: how many events are asked about at once. */
    private static final String EVENTS = "events";

    private final GraphProto.Builder graph;
    private final Map<String, Value> constants = new HashMap<>();
    private int names;

    /** What the elements of a tensor are. */
    enum Elements {
        FLOAT(TensorProto.DataType.FLOAT),
        INT64(TensorProto.DataType.INT64),
        BOOL(TensorProto.DataType.BOOL);

        private final TensorProto.DataType code;

        Elements(TensorProto.DataType code) {
            this.code = code;
        }

        int code() {
            return code.getNumber();
        }
    }

    /** A tensor in the graph. */
    record Value(String name, Elements type) {}

    Graph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** A tensor [events, 1] that is fed. */
    Value input(String name, Elements type, String about) {
        graph.addInput(column(name, type, about));
        return new Value(name, type);
    }

    /** Makes a tensor [events, 1] a result. */
    void output(Value value, String name, String about) {
        graph.addNode(node("Identity", value).addOutput(name));
        graph.addOutput(column(name, value.type(), about));
    }

    private static ValueInfoProto column(String name, Elements type, String about) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam(EVENTS);
        shape.addDimBuilder().setDimValue(1);
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.code()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setDocString(about)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Numbers that are part of the model, as a tensor [1, length]. */
    Value stored(String name, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(Elements.FLOAT.code())
                .addDims(1)
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(bytes)));
        return new Value(name, Elements.FLOAT);
    }

    /** One number, without dimensions. */
    Value number(double value, Elements type) {
        return constants.computeIfAbsent(type + " " + value, key -> {
            Value constant = fresh(type);
            TensorProto.Builder tensor =
                    TensorProto.newBuilder().setName(constant.name()).setDataType(type.code());
            if (type == Elements.FLOAT) {
                tensor.addFloatData((float) value);
            } else {
                tensor.addInt64Data((long) value);
            }
            graph.addInitializer(tensor);
            return constant;
        });
    }

    /** Whole numbers [length]. */
    Value numbers(long... values) {
        return constants.computeIfAbsent(LongStream.of(values).boxed().toList().toString(), key -> {
            Value constant = fresh(Elements.INT64);
            TensorProto.Builder tensor = TensorProto.newBuilder()
                    .setName(constant.name())
                    .setDataType(Elements.INT64.code())
                    .addDims(values.length);
            LongStream.of(values).forEach(tensor::addInt64Data);
            graph.addInitializer(tensor);
            return constant;
        });
    }

    /** The result of an operator. */
    Value add(String operator, Elements type, Value... inputs) {
        return add(operator, type, List.of(), inputs);
    }

    /** The result of an operator with attributes. */
    Value add(String operator, Elements type, List<AttributeProto> attributes, Value... inputs) {
        Value result = fresh(type);
        graph.addNode(node(operator, inputs).addAllAttribute(attributes).addOutput(result.name()));
        return result;
    }

    /** The parts of a tensor along its columns. */
    List<Value> split(Value whole, long[] widths) {
        List<Value> parts = IntStream.range(0, widths.length)
                .mapToObj(i -> fresh(whole.type()))
                .toList();
        NodeProto.Builder node = node("Split", whole, numbers(widths)).addAttribute(attribute("axis", 1));
        parts.forEach(part -> node.addOutput(part.name()));
        graph.addNode(node);
        return parts;
    }

    private static NodeProto.Builder node(String operator, Value... inputs) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator);
        for (Value input : inputs) {
            node.addInput(input.name());
        }
        return node;
    }

    /** An attribute that is a whole number. */
    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    /** An attribute that is a float. */
    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private Value fresh(Elements type) {
        return new Value("/" + names++, type);
    }

    GraphProto build() {
        return graph.build();
    }
}
