package io.millrace.jobs.yaml;

import io.millrace.models.spec.Nearest;
import io.millrace.models.spec.OneOf;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A spec record, written as a mapping with one key per component. */
final class Fields implements Form {
    private final Class<? extends Record> type;
    private @Nullable List<Slot> slots; // made when first asked for: a record may contain its own kind

    Fields(Class<? extends Record> type) {
        this.type = type;
    }

    @Override
    public @Nullable Object read(Place place) {
        Map<String, Place> entries = place.mapping("a mapping" + keys());
        return entries == null ? null : read(place, entries);
    }

    /** Reads what stands behind a choice's name: a mapping, or the first component alone. */
    @Nullable
    Object readBehindName(Place place) {
        return place.isMapping() || !hasShortForm()
                ? read(place)
                : read(place, Map.of(slots().get(0).name(), place));
    }

    /** The record of which nothing but its name is given. */
    @Nullable
    Object readName(Place place) {
        List<Slot> missing = slots().stream().filter(Slot::required).toList();
        if (!missing.isEmpty()) {
            String example = missing.stream().map(slot -> slot.name() + ": ...").collect(Collectors.joining(", "));
            String needs = missing.stream().map(Slot::meaning).collect(Collectors.joining(", "));
            place.refuse(name() + " needs " + needs + ": write {" + name() + ": {" + example + "}}");
            return null;
        }
        return read(place, Map.of());
    }

    private @Nullable Object read(Place place, Map<String, Place> entries) {
        Set<String> meant = refuseUnknown(entries);
        boolean complete = names().containsAll(entries.keySet());
        Object[] values = new Object[slots().size()];
        for (int i = 0; i < values.length; i++) {
            Slot slot = slots().get(i);
            Place entry = entries.get(slot.name());
            if (entry != null) {
                values[i] = slot.read(entry);
                complete &= values[i] != null;
            } else if (!slot.required()) {
                values[i] = slot.leftOut();
            } else {
                complete = false;
                if (!meant.contains(slot.name())) {
                    place.refuse("missing key " + slot.meaning());
                }
            }
        }
        return complete ? make(values, place) : null;
    }

    /** Refuses every unknown key; the names of the others, and those that misspelt ones probably mean. */
    private Set<String> refuseUnknown(Map<String, Place> entries) {
        List<String> names = names();
        Set<String> meant = new HashSet<>();
        entries.forEach((key, entry) -> {
            if (!names.contains(key)) {
                entry.refuseKey("unknown key" + Hint.among(key, names));
            }
            String nearest = names.contains(key) ? key : Nearest.to(key, names);
            if (nearest != null) {
                meant.add(nearest);
            }
        });
        return meant;
    }

    private @Nullable Object make(@Nullable Object[] values, Place place) {
        try {
            return make(values);
        } catch (IllegalArgumentException e) {
            place.refuse(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Object make(@Nullable Object[] values) {
        try {
            Class<?>[] types =
                    slots().stream().map(slot -> slot.component().getType()).toArray(Class<?>[]::new);
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(Refusal.message(e), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, Object> write(Object value) {
        Map<String, Object> written = new LinkedHashMap<>();
        for (Slot slot : slots()) {
            Object component = slot.of(value);
            if (component != null) {
                written.put(slot.name(), slot.form().write(component));
            }
        }
        return written;
    }

    @Override
    public Object resolve(Object value) {
        Object[] values = new Object[slots().size()];
        for (int i = 0; i < values.length; i++) {
            Slot slot = slots().get(i);
            Object component = slot.of(value);
            values[i] = component == null ? null : slot.form().resolve(component);
        }
        return make(values);
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return definitions.refer(type, () -> definition(definitions));
    }

    private Map<String, Object> definition(Definitions definitions) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("title", name());
        if (!about().isEmpty()) {
            schema.put("description", about());
        }
        schema.put("type", "object");
        Map<String, Object> properties = new LinkedHashMap<>();
        slots().forEach(slot -> properties.put(slot.name(), slot.schema(definitions)));
        schema.put("properties", properties);
        schema.put(
                "required",
                slots().stream().filter(Slot::required).map(Slot::name).toList());
        OneOf choice = type.getAnnotation(OneOf.class);
        if (choice != null) {
            schema.put(
                    "oneOf",
                    Stream.of(choice.value())
                            .map(name -> Map.of("required", List.of(name)))
                            .toList());
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /** JSON Schema of what {@link #readBehindName} accepts. */
    Map<String, Object> schemaBehindName(Definitions definitions) {
        List<Map<String, Object>> forms = new ArrayList<>(List.of(schema(definitions)));
        if (hasShortForm()) {
            forms.add(slots().get(0).schema(definitions));
        }
        return forms.size() == 1 ? forms.get(0) : new LinkedHashMap<>(Map.of("anyOf", forms));
    }

    @Override
    public boolean takesMappings() {
        return true;
    }

    String name() {
        return Settings.term(type);
    }

    /** True if the name alone says all that is required. */
    boolean mayBeBare() {
        return slots().stream().noneMatch(Slot::required);
    }

    /** True if one value says it all: {@code {dense: 64}}. */
    boolean isSingle() {
        return slots().size() == 1 && hasShortForm();
    }

    private boolean hasShortForm() {
        return !slots().isEmpty() && !slots().get(0).form().takesMappings();
    }

    private String about() {
        Term term = type.getAnnotation(Term.class);
        return term == null ? "" : term.about();
    }

    private String keys() {
        return names().isEmpty() ? " without keys" : " with the keys " + String.join(", ", names());
    }

    private List<String> names() {
        return slots().stream().map(Slot::name).toList();
    }

    private List<Slot> slots() {
        if (slots == null) {
            RecordComponent[] components = type.getRecordComponents();
            slots = Arrays.stream(components).map(Slot::of).toList();
        }
        return slots;
    }
}
