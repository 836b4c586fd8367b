package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiveRowsTest {
    private static final class Memory implements LiveRows.Slab, LiveRows.Store {
        final float[][] slab = new float[3][];
        final Map<String, float[]> stored = new HashMap<>();
        int saves;

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
        public float[] load(String key) {
            return stored.getOrDefault(key, new float[1]);
        }

        @Override
        public void save(String key, float[] row) {
            saves++;
            stored.put(key, row);
        }
    }

    private final Memory memory = new Memory();
    private final LiveRows rows = new LiveRows(memory, memory, 1);

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
}
