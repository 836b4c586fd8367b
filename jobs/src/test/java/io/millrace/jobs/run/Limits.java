package io.millrace.jobs.run;

import io.millrace.jobs.spec.Bytes;
import io.millrace.jobs.spec.Every;
import io.millrace.models.spec.OneOf;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a job file may say at most and at least, read off the descriptions of its settings: mappings of a job file, each
 * with one setting at a limit, or at one of its words, and what must stand beside it.
 */
final class Limits {

    /**
     * A part of a job file.
     *
     * @param name the path of the setting and its value
     * @param written maps, lists, texts, numbers and truth values; an {@link Option} for one of a choice
     */
    record Limit(String name, Object written) {}

    /** One of a choice, with its settings. */
    record Option(String name, Object settings) {}

    /** Stands for a new directory in every job; no other is tried, since it would be made. */
    static final String DIRECTORY = "A-DIRECTORY";

    private static final double LEAST_FLOAT = Float.MIN_NORMAL;
    private static final long DAY = 86_400; // seconds

    /** The limits of specs that have a text of their own. */
    private static final Map<Class<?>, List<String>> TEXTS = Map.of(
            Every.Events.class, List.of("1 events", "999999999999999 events"),
            Every.class, List.of("1 ms", "999999999 d", "1 events", "999999999999999 events"),
            Bytes.class, List.of("1 KB", "999999999 GB"));

    private final Map<String, Object> samples;
    private final Map<String, Object> greatest;
    private final Set<Class<?>> entered = new HashSet<>(); // choices that lists are of: layers may hold layers

    /**
     * @param samples what texts stand for that have a meaning, and lists, by the name of their record and their own
     * @param greatest what is tried in place of a greatest value, by path
     */
    Limits(Map<String, Object> samples, Map<String, Object> greatest) {
        this.samples = samples;
        this.greatest = greatest;
    }

    /** Every setting of a record, and of what it is made of, at each of its limits; nothing else of the record itself. */
    List<Limit> of(Class<? extends Record> type) {
        return Stream.of(type.getRecordComponents())
                .flatMap(component -> component(type, component, Settings.name(component))
                        .map(limit -> new Limit(limit.name, Map.of(Settings.name(component), limit.written))))
                .toList();
    }

    private Stream<Limit> record(Class<?> type, String path) {
        List<Limit> limits = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = Settings.name(component);
            component(type, component, path + "." + name)
                    .map(limit -> new Limit(limit.name, beside(type, component, limit.written)))
                    .forEach(limits::add);
        }
        return limits.stream();
    }

    /** A record with one component as given, and with all others that it must have. */
    private Map<String, Object> beside(Class<?> type, RecordComponent given, Object value) {
        Map<String, Object> written = new LinkedHashMap<>();
        OneOf choice = type.getAnnotation(OneOf.class);
        List<String> choices = choice == null ? List.of() : List.of(choice.value());
        String first = choices.isEmpty() || choices.contains(Settings.name(given)) ? "" : choices.get(0);
        for (RecordComponent other : type.getRecordComponents()) {
            String name = Settings.name(other);
            if (other.getName().equals(given.getName())) {
                written.put(name, value);
            } else if (isRequired(other) || name.equals(first)) {
                written.put(name, sample(type, other));
            }
        }
        return written;
    }

    private static boolean isRequired(RecordComponent component) {
        Setting setting = setting(component);
        return setting.byDefault().isEmpty() && !setting.optional();
    }

    private static Setting setting(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " of " + component.getDeclaringRecord() + " has no @Setting");
        }
        return setting;
    }

    /** Any value of a component. */
    private Object sample(Class<?> record, RecordComponent component) {
        String name = Settings.term(record) + "." + Settings.name(component);
        Class<?> type = component.getType();
        if (samples.containsKey(name)) {
            return samples.get(name);
        }
        if (isNumber(type)) {
            return 10;
        }
        if (type == Duration.class) {
            return "10 s";
        }
        if (type.isRecord()) {
            Map<String, Object> written = new LinkedHashMap<>();
            for (RecordComponent part : type.getRecordComponents()) {
                if (isRequired(part)) {
                    written.put(Settings.name(part), sample(type, part));
                }
            }
            return written;
        }
        throw new IllegalStateException(name + " needs a sample");
    }

    private Stream<Limit> component(Class<?> record, RecordComponent component, String path) {
        Setting setting = setting(component);
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType generic && component.getType() == List.class) {
            Type entry = generic.getActualTypeArguments()[0];
            Stream<Object> few =
                    entry == String.class ? lists(sample(record, component), setting) : Stream.of(List.of());
            Stream<Limit> entries = entry instanceof Class<?> part && part.isSealed() && entered.add(part)
                    ? of(part, setting, path).toList().stream()
                    : Stream.empty();
            return Stream.concat(
                    few.map(list -> limit(path, list)),
                    entries.map(limit -> new Limit(limit.name, List.of(limit.written))));
        }
        if (component.getType() == String.class) {
            Object sample = samples.get(Settings.term(record) + "." + Settings.name(component));
            Stream<?> texts = DIRECTORY.equals(sample) ? Stream.of(sample) : texts(sample, setting);
            return texts.map(text -> limit(path, text));
        }
        return type instanceof Class<?> plain ? of(plain, setting, path) : Stream.of(limit(path, Map.of()));
    }

    private Stream<Limit> of(Class<?> type, Setting setting, String path) {
        if (TEXTS.containsKey(type)) {
            return TEXTS.get(type).stream().map(text -> limit(path, text));
        }
        if (isNumber(type)) {
            Object most = greatest.getOrDefault(path, greatest(type, setting));
            return Stream.of(limit(path, least(type, setting)), limit(path, most));
        }
        if (type == Duration.class) {
            return Stream.of(limit(path, shortest(setting)), limit(path, longest(setting)));
        }
        if (type == boolean.class) {
            return Stream.of(limit(path, true), limit(path, false));
        }
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants()).map(word -> limit(path, Settings.term((Enum<?>) word)));
        }
        if (type.isRecord()) {
            return record(type, path);
        }
        if (type.isSealed()) {
            return Stream.of(type.getPermittedSubclasses()).flatMap(option -> option(option, setting, path));
        }
        throw new IllegalStateException("the limits of " + path + ", a " + type + ", are not known here");
    }

    private Stream<Limit> option(Class<?> option, Setting setting, String path) {
        if (option.isSealed()) {
            return of(option, setting, path);
        }
        String name = Settings.term(option);
        if (option.getRecordComponents().length == 0) {
            return Stream.of(new Limit(path + "." + name, name));
        }
        return record(option, path + "." + name).map(limit -> new Limit(limit.name, new Option(name, limit.written)));
    }

    private static Limit limit(String path, Object value) {
        String text = String.valueOf(value);
        return new Limit(path + "=" + (text.length() > 40 ? text.substring(0, 40) + "..." : text), value);
    }

    private static boolean isNumber(Class<?> type) {
        return type == int.class || type == long.class || type == double.class || type == Double.class;
    }

    private static Object least(Class<?> type, Setting setting) {
        if (Double.isFinite(setting.atLeast())) {
            return number(type, setting.atLeast());
        }
        if (Double.isFinite(setting.above())) {
            return number(type, setting.above() == 0 ? LEAST_FLOAT : Math.nextUp(setting.above()));
        }
        return whole(type)
                ? (Object) (type == int.class ? Integer.MIN_VALUE : Long.MIN_VALUE)
                : (Object) (double) -Float.MAX_VALUE;
    }

    private static Object greatest(Class<?> type, Setting setting) {
        if (Double.isFinite(setting.atMost())) {
            return number(type, setting.atMost());
        }
        if (Double.isFinite(setting.below())) {
            return number(type, Math.nextDown(setting.below()));
        }
        return whole(type)
                ? (Object) (type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE)
                : (Object) (double) Float.MAX_VALUE;
    }

    private static Object number(Class<?> type, double value) {
        return whole(type) ? (Object) (long) value : (Object) value;
    }

    private static boolean whole(Class<?> type) {
        return type == int.class || type == long.class;
    }

    private static String shortest(Setting setting) {
        double seconds = Math.max(setting.above() == 0 ? 0.001 : 0, Math.max(0, setting.atLeast()));
        return new BigDecimal(seconds * 1000).toBigInteger() + " ms";
    }

    private static String longest(Setting setting) {
        if (Double.isInfinite(setting.atMost())) {
            return "999999999 d";
        }
        long seconds = (long) setting.atMost();
        return seconds % DAY == 0 ? seconds / DAY + " d" : seconds + " s";
    }

    private static Stream<Object> lists(Object sample, Setting setting) {
        List<?> all = (List<?>) sample;
        int least = (int) Math.max(0, setting.atLeast());
        return Stream.of(all.subList(0, Math.min(least, all.size())), all);
    }

    /** The shortest text; one that means something, if there is one; and a long one. */
    private static Stream<Object> texts(Object sample, Setting setting) {
        int least = (int) Math.max(0, setting.atLeast());
        int most = (int) Math.min(300, setting.atMost());
        return Stream.of("x".repeat(least), sample, "x".repeat(most)).filter(text -> text != null);
    }
}
