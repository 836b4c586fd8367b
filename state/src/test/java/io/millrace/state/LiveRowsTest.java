package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveRowsTest {
    private static final class Memory implements LiveRows.Slab, LiveRows.Store {
        final float[][] slab;
        final Map<String, float[]> stored = new HashMap<>();
        int saves;
        int copies;

        Memory(int slots) {
            slab = new float[slots][];
        }

        @Override
        public int slots() {
            return slab.length;
        }

        @Override
        public void write(int slot, float[] row) {
            slab[slot] = row.clone();
        }

        @Override
        public void read(int slot, float[] row) {
            row[0] = slab[slot][0];
        }

        @Override
        public void write(int[] slots, List<float[]> rows) {
            copies++;
            for (int i = 0; i < slots.length; i++) {
                slab[slots[i]] = rows.get(i).clone();
            }
        }

        @Override
        public void read(int[] slots, List<float[]> rows) {
            copies++;
            for (int i = 0; i < slots.length; i++) {
                rows.get(i)[0] = slab[slots[i]][0];
            }
        }

        @Override
        public float[] load(String key) {
            return stored.getOrDefault(key, new float[1]);
        }

        @Override
        public void save(String key, float[] row) {
            saves++;
            stored.put(key, row);
        }
    }

    private final Memory memory = new Memory(3);
    private final LiveRows rows = new LiveRows(memory, memory, 1, 3);

    @Test
    void losesNoChangeHoweverKeysComeAndGo() throws Exception {
        Random random = new Random(3);
        Map<String, Float> expected = new HashMap<>();
        for (int event = 0; event < 10_000; event++) {
            String key = "key" + random.nextInt(8);
            memory.slab[rows.slot(key, true)][0]++;
            expected.merge(key, 1f, Float::sum);
            if (random.nextInt(50) == 0) {
                rows.writeBack();
                expected.forEach(
                        (each, count) -> assertThat(memory.stored.get(each)[0]).isEqualTo(count));
            }
        }
    }

    @Test
    void keepsTheKeysUsedLast() throws Exception {
        int first = rows.slot("first", true);
        rows.slot("second", true);
        int third = rows.slot("third", true);
        assertThat(rows.slot("first", true)).isEqualTo(first);

        rows.slot("fourth", true); // second leaves

        assertThat(memory.stored.keySet()).containsExactly("second");
        assertThat(rows.slot("third", true)).isEqualTo(third);
        assertThat(rows.slot("first", true)).isEqualTo(first);
    }

    @Test
    void writesBackOnlyWhatMayHaveChangedSince() throws Exception {
        rows.slot("a", true);
        rows.slot("b", true);
        rows.writeBack();
        rows.slot("a", true);
        rows.slot("b", false);
        rows.writeBack();

        assertThat(memory.saves).isEqualTo(3);
    }

    @Test
    void copiesTheRowsOfABatchAtOnce() throws Exception {
        Memory large = new Memory(1_000);
        LiveRows many = new LiveRows(large, large, 1, 100);
        for (int key = 0; key < 100; key++) {
            large.stored.put("" + key, new float[] {key});
        }
        int[] slots = new int[100];
        for (int key = 0; key < 100; key++) {
            slots[key] = many.reserve("" + key, true);
        }
        many.arrive();
        assertThat(large.copies).isEqualTo(1);
        for (int key = 0; key < 100; key++) {
            assertThat(large.slab[slots[key]][0]++).isEqualTo(key);
        }
        many.writeBack();
        assertThat(large.copies).isEqualTo(2);
        for (int key = 0; key < 100; key++) {
            assertThat(large.stored.get("" + key)).containsExactly(key + 1);
        }
    }

    @Test
    void batchesInTurnKeepTheirOwnRowsWhileOthersLeave() throws Exception {
        Memory tight = new Memory(12);
        LiveRows few = new LiveRows(tight, tight, 1, 8);
        Random random = new Random(5);
        Map<String, Float> expected = new HashMap<>();
        for (int batch = 0; batch < 2_000; batch++) {
            Map<String, Integer> slots = new HashMap<>();
            while (slots.size() < 8) {
                String key = "key" + random.nextInt(40);
                slots.put(key, few.reserve(key, true));
            }
            few.arrive();
            assertThat(slots.values()).doesNotHaveDuplicates();
            slots.forEach((key, slot) ->
                    assertThat(tight.slab[slot][0]++).isEqualTo(expected.merge(key, 1f, Float::sum) - 1));
        }
    }

    @Test
    void refusesToHoldLessThanIsUsedTogether() {
        assertThatThrownBy(() -> new LiveRows(memory, memory, 1, 4)).hasMessage("together=4 must be <= slots=3");
    }

    @Test
    void aReleasedRowIsStoredAndItsSlotUsedAgain() throws Exception {
        int slot = rows.slot("a", true);
        memory.slab[slot][0] = 5;

        rows.release("a");
        rows.release("nobody");

        assertThat(memory.stored.get("a")).containsExactly(5);
        assertThat(rows.find("a")).isEqualTo(-1);
        assertThat(rows.slot("a", false)).isBetween(0, 2);
        rows.slot("b", false);
        rows.slot("c", false);
        assertThat(rows.find("a")).as("three rows fit").isNotNegative();
    }

    @Test
    void countsHowOftenARowWasLive() throws Exception {
        for (String key : List.of("a", "b", "a", "c", "d", "a", "b")) {
            rows.slot(key, false);
        }

        assertThat(rows.hits()).isEqualTo(2); // a twice; b has left for d
        assertThat(rows.misses()).isEqualTo(5);
        assertThat(rows.size()).isEqualTo(3);
    }
}
