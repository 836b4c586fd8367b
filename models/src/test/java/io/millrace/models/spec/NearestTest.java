package io.millrace.models.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void findsTheNameAFewEditsAway() {
        assertThat(Nearest.to("nwsprice", List.of("vicprice", "nswprice"))).isEqualTo("nswprice");
        assertThat(Nearest.to("RELU", List.of("gelu", "relu"))).isEqualTo("relu");
    }

    @Test
    void findsNothingWhenEveryNameIsFar() {
        assertThat(Nearest.to("price", List.of("weekday", "station"))).isNull();
        assertThat(Nearest.question("price", List.of())).isEmpty();
    }

    @Test
    void asksForTheName() {
        assertThat(Nearest.question("prise", List.of("price"))).isEqualTo("; did you mean \"price\"?");
    }
}
