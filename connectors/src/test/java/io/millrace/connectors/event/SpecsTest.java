package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.Target;
import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecsTest {
    @Test
    void aLabelWithClassesIsClassified() {
        assertThat(Readers.UP_OR_DOWN.target()).isEqualTo(new Target.Classes(List.of("DOWN", "UP")));
        assertThat(new Label("y", null, null).target()).isEqualTo(new Target.Value());
        assertThatThrownBy(() -> new Label("y", null, Label.Kind.CLASSIFICATION))
                .hasMessage("classes must be given for kind=classification");
        assertThatThrownBy(() -> new Label("y", List.of("a", "b"), Label.Kind.REGRESSION))
                .hasMessage("classes=[a, b] must be left out for kind=regression");
        assertThatThrownBy(() -> new Label("y", List.of("a"), null)).hasMessageContaining("must be >= 2");
    }

    @Test
    void aLabelOfSeveralFieldsIsAProbabilityPerClass() {
        List<String> fields = List.of("p_down", "p_up");
        Label label = new Label(null, fields, null, null);
        assertThat(label.classes()).isEqualTo(fields);
        assertThat(label.target()).isEqualTo(new Target.Distribution(fields));
        assertThat(new Label(null, fields, List.of("DOWN", "UP"), null).target())
                .isEqualTo(new Target.Distribution(List.of("DOWN", "UP")));
        assertThatThrownBy(() -> new Label(null, fields, List.of("a", "b", "c"), null))
                .hasMessage("classes=[a, b, c] must be as many as fields=[p_down, p_up]");
        assertThatThrownBy(() -> new Label(null, fields, null, Label.Kind.REGRESSION))
                .hasMessage("fields=[p_down, p_up] must be left out for kind=regression");
        assertThatThrownBy(() -> new Label("y", fields, null, null))
                .hasMessage("one of field, fields must be given, and 2 are");
        assertThatThrownBy(() -> new Label(null, null, null, null))
                .hasMessage("one of field, fields must be given, and 0 are");
    }

    @Test
    void aCategoryInJavaHasTheDefaultsOfTheJobFile() {
        Feature.Categorical category = new Feature.Categorical("day");
        assertThat(byDefault(Feature.Categorical.class, 1)).isEqualTo(Integer.toString(category.buckets()));
        assertThat(byDefault(Feature.Categorical.class, 2)).isEqualTo(Integer.toString(category.dimension()));
    }

    @Test
    void eventsWithoutFieldsHaveTheDefaultsOfTheJobFile() {
        assertThat(byDefault(EventFields.class, 3)).isEqualTo(Settings.term(EventFields.NONE.timeUnit()));
        assertThat(byDefault(EventFields.class, 4))
                .isEqualTo(EventFields.NONE.outOfOrderness().toSeconds() + " s");
    }

    private static String byDefault(Class<? extends Record> spec, int component) {
        return spec.getRecordComponents()[component]
                .getAnnotation(Setting.class)
                .byDefault();
    }
}
