package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareRowsTest {
    private static final float[] ROW = {1, 2, 3};

    private final SpareRows spares = new SpareRows();

    private static float[] row() {
        return ROW.clone();
    }

    @Test
    void originalServesTheNextCheckpointOnceItsOwnIsWritten() {
        float[] original = row();
        Runnable written = spares.read();
        float[] copy = spares.copy(original);
        assertThat(spares.copy(row())).isNotSameAs(original);
        original[0] = 7; // would be misread by the checkpoint, so nobody does it before
        written.run();

        spares.read();
        assertThat(copy).isEqualTo(ROW);
        assertThat(spares.copy(copy)).isEqualTo(ROW);
        assertThat(spares.copy(row())).isSameAs(original).isEqualTo(ROW);
    }

    @Test
    void originalIsNotUsedAgainThatTwoCheckpointsMayRead() {
        Runnable first = spares.read();
        Runnable second = spares.read();
        float[] both = row();
        spares.copy(both);
        first.run();
        float[] later = row();
        spares.copy(later);
        second.run();

        spares.read();
        assertThat(spares.copy(row())).isSameAs(later);
        assertThat(spares.copy(row())).isNotSameAs(both);
    }

    @Test
    void originalThatWasReplacedBeforeAnotherCheckpointBeganIsFree() {
        Runnable first = spares.read();
        float[] original = row();
        spares.copy(original);
        Runnable second = spares.read();
        first.run();

        assertThat(spares.copy(row())).isSameAs(original);
        second.run();
    }

    @Test
    void whatACheckpointDidNotNeedIsLetGo() {
        float[] original = row();
        Runnable needy = spares.read();
        spares.copy(original);
        needy.run();
        spares.read().run();

        spares.read();
        assertThat(spares.copy(row())).isNotSameAs(original);
    }

    @Test
    void rowsOfAnotherWidthAreNotMixed() {
        Runnable written = spares.read();
        spares.copy(new float[5]);
        written.run();

        assertThat(spares.copy(row())).hasSize(3);
    }
}
