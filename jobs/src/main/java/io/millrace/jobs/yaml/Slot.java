package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One component of a spec record, with the form of its values. */
record Slot(RecordComponent component, Setting setting, Form form) {

    /**
     * The slot of a component.
     *
     * @throws IllegalArgumentException if the component does not describe itself
     */
    static Slot of(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalArgumentException(component.getDeclaringRecord() + ": " + component + " has no @Setting");
        }
        return new Slot(component, setting, Form.of(component.getGenericType()));
    }

    String name() {
        return Settings.name(component);
    }

    /** The name and what it means, to be read within a sentence. */
    String meaning() {
        String sentence = setting.value();
        String clause = sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
        return name() + " (" + clause.replaceAll("\\.$", "") + ")";
    }

    boolean required() {
        return setting.byDefault().isEmpty() && !setting.optional();
    }

    /** The value at a place; null after the place was told what is wrong. */
    @Nullable
    Object read(Place place) {
        Object value = form.read(place);
        String fault = value == null ? null : Settings.fault(component, value);
        if (fault != null) {
            String found = value instanceof Collection<?> many ? Integer.toString(many.size()) : place.found();
            place.refuse("found " + found + ": " + fault);
            return null;
        }
        return value;
    }

    /** What the component is when it is left out: its default, or null. */
    @Nullable
    Object leftOut() {
        return setting.byDefault().isEmpty() ? null : form.byDefault(setting.byDefault());
    }

    /** The component of a record. */
    @Nullable
    Object of(Object owner) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> schema = form.schema(definitions);
        form.bound(schema, setting);
        schema.put("description", setting.value());
        Object value = leftOut();
        if (value != null) {
            schema.put("default", form.write(value));
        }
        return schema;
    }
}
