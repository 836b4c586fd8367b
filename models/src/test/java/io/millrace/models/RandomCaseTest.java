package io.millrace.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.models.layer.Dense;
import io.millrace.models.layer.InitialWeights;
import io.millrace.models.layer.Layer;
import io.millrace.models.loss.Loss;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Schedule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new entry of the catalogue that no random case draws fails here. */
class RandomCaseTest {
    private static Stream<Class<?>> drawn(Function<ModelSpec, List<? extends Object>> parts) {
        return RandomCase.all().stream()
                .flatMap(each -> parts.apply(each.spec()).stream())
                .map(Object::getClass);
    }

    @Test
    void casesHoldTheWholeCatalogue() {
        assertThat(drawn(ModelSpec::layers)).contains(Layer.class.getPermittedSubclasses());
        assertThat(drawn(spec -> spec.loss() == null ? List.of() : List.of(spec.loss())))
                .contains(Loss.class.getPermittedSubclasses());
        assertThat(drawn(spec -> List.of(spec.schedule()))).contains(Schedule.class.getPermittedSubclasses());
        assertThat(drawn(spec -> List.of(spec.optimizer()))).contains(Optimizer.class.getPermittedSubclasses());
        assertThat(RandomCase.all().stream()
                        .<Class<?>>map(each -> each.problem().target().getClass()))
                .contains(Target.class.getPermittedSubclasses());
        assertThat(RandomCase.all().stream().flatMap(each -> each.spec().layers().stream()))
                .filteredOn(Dense.class::isInstance)
                .extracting(layer -> ((Dense) layer).initializer())
                .contains(InitialWeights.values());
        assertThat(RandomCase.all().stream().map(each -> each.spec().regularization()))
                .anyMatch(each -> each.clipNorm() != null)
                .anyMatch(each -> each.clipValue() != null)
                .anyMatch(each -> each.l2() > 0)
                .anyMatch(each -> each.maxNorm() != null);
    }
}
