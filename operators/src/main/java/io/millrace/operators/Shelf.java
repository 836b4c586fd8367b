package io.millrace.operators;

import io.millrace.state.records.Remembered;
import io.millrace.state.records.RememberedSerializer;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What a key remembers, by event id, in keyed state; when there is too much of it, what came first leaves.
 *
 * <p>An empty shelf keeps no state. Every method works on the operator's current key and takes constant time, whatever
 * the back end: the order is a map from numbers to ids, in which things that left early are gaps.
 */
final class Shelf {
    private static final int FIRST = 0; // no smaller number is in use
    private static final int NEXT = 1; // the number of what comes next
    private static final int SIZE = 2;

    private final MapState<String, Remembered> things;
    private final MapState<Long, String> order;
    private final ValueState<long[]> ends; // FIRST, NEXT, SIZE; none for an empty shelf
    private final int atMost;

    /**
     * @param name of its state, not that of another shelf
     * @param atMost things per key
     */
    Shelf(KeyedStateStore store, String name, int atMost) {
        things = store.getMapState(
                new MapStateDescriptor<>(name, StringSerializer.INSTANCE, RememberedSerializer.INSTANCE));
        order = store.getMapState(
                new MapStateDescriptor<>(name + "-order", LongSerializer.INSTANCE, StringSerializer.INSTANCE));
        ends = store.getState(new ValueStateDescriptor<>(name + "-ends", LongPrimitiveArraySerializer.INSTANCE));
        this.atMost = atMost;
    }

    @Nullable
    Remembered get(String id) throws Exception {
        return things.get(id);
    }

    /** Adds something whose id is not there yet; returns what had to leave for it, null if there was room. */
    @Nullable
    Remembered add(Remembered thing) throws Exception {
        long[] numbers = ends.value();
        if (numbers == null) {
            numbers = new long[3];
        }
        long number = numbers[NEXT]++;
        numbers[SIZE]++;
        things.put(thing.sample().id(), thing.at(number));
        order.put(number, thing.sample().id());
        Remembered eldest = numbers[SIZE] > atMost ? eldest(numbers) : null;
        ends.update(numbers);
        if (eldest != null) {
            remove(eldest);
        }
        return eldest;
    }

    private @Nullable Remembered eldest(long[] numbers) throws Exception {
        String id = order.get(numbers[FIRST]);
        while (id == null) {
            id = order.get(++numbers[FIRST]);
        }
        return things.get(id);
    }

    /** Puts something in the place of what has the same id and number. */
    void replace(Remembered thing) throws Exception {
        things.put(thing.sample().id(), thing);
    }

    void remove(Remembered thing) throws Exception {
        things.remove(thing.sample().id());
        order.remove(thing.number());
        long[] numbers = ends.value();
        if (--numbers[SIZE] == 0) {
            ends.clear();
        } else {
            ends.update(numbers);
        }
    }
}
