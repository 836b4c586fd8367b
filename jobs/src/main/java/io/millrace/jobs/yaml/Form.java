package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** How values of one type are read, printed and described. */
interface Form {

    /** The value at a place; null after the place was told what is wrong. */
    @Nullable
    Object read(Place place);

    /** The value as mappings, lists, texts, numbers and truth values. {@link #read} makes an equal value of it. */
    Object write(Object value);

    /** JSON Schema of what {@link #read} accepts. */
    Map<String, Object> schema(Definitions definitions);

    /** Adds a component's range to the schema, as far as JSON Schema has words for it. */
    default void bound(Map<String, Object> schema, Setting setting) {}

    /** True if values may be written as a mapping. */
    default boolean takesMappings() {
        return false;
    }

    /** The value with every reference in its texts replaced, see {@link References}. */
    default Object resolve(Object value) {
        return value;
    }

    /**
     * A default, from the text in its annotation.
     *
     * @throws IllegalStateException if the text could not stand in a file
     */
    default Object byDefault(String text) {
        Draft draft = new Draft("default");
        Node node = Document.parse(text, draft);
        Object value = node == null ? null : read(Place.root(draft, node));
        return Optional.ofNullable(value)
                .orElseThrow(() -> new IllegalStateException("default \"" + text + "\" " + draft.mistakes()));
    }

    /**
     * The form of a component's type.
     *
     * @throws IllegalArgumentException if spec records cannot have such components
     */
    static Form of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new Many(of(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class && arguments[1] == String.class) {
                return new Pairs();
            }
        }
        if (type instanceof Class<?> plain) {
            return of(plain);
        }
        throw unsupported(type);
    }

    private static Form of(Class<?> type) {
        if (type == String.class) {
            return new Text();
        }
        if (type == Duration.class) {
            return new Span();
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Flag();
        }
        if (type.isEnum()) {
            return new Word(type);
        }
        if (Written.applies(type)) {
            return new Written(type);
        }
        if (type.isRecord()) {
            return new Fields(type.asSubclass(Record.class));
        }
        if (type.isSealed()) {
            return new Choice(type);
        }
        return Numeric.of(type).orElseThrow(() -> unsupported(type));
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException(type.getTypeName() + " cannot be a component of a spec record");
    }
}
