package io.millrace.jobs.yaml;

import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A spec with a text of its own: a static {@code parse(String)} reads what its {@code toString()} writes. */
final class Written implements Form {
    private final Class<?> type;
    private final Method parse;

    /** A form of a type to which it {@link #applies}. */
    Written(Class<?> type) {
        this.type = type;
        try {
            parse = type.getDeclaredMethod("parse", String.class);
            parse.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " has no parse(String)", e);
        }
    }

    static boolean applies(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("parse")
                    && Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() == type
                    && List.of(method.getParameterTypes()).equals(List.of(String.class))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable Object read(Place place) {
        String text = place.text("text");
        if (text == null) {
            return null;
        }
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            place.refuse(Refusal.message(e));
            return null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object write(Object value) {
        return value.toString();
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("title", Settings.term(type));
        Term term = type.getAnnotation(Term.class);
        if (term != null) {
            schema.put("description", term.about());
        }
        schema.put("type", List.of("string", "number"));
        return schema;
    }
}
