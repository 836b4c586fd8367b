package io.millrace.models.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.models.ModelSpec;
import io.millrace.models.layer.BatchNorm;
import io.millrace.models.layer.Concat;
import io.millrace.models.layer.CosineNorm;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Dropout;
import io.millrace.models.layer.Elu;
import io.millrace.models.layer.InitialWeights;
import io.millrace.models.layer.Layer;
import io.millrace.models.layer.LayerNorm;
import io.millrace.models.layer.LeakyRelu;
import io.millrace.models.layer.Relu;
import io.millrace.models.layer.Residual;
import io.millrace.models.layer.RmsNorm;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.WeightNorm;
import io.millrace.models.loss.CrossEntropy;
import io.millrace.models.loss.Huber;
import io.millrace.models.loss.Loss;
import io.millrace.models.loss.Quantile;
import io.millrace.models.loss.Squared;
import io.millrace.models.optimizer.Adadelta;
import io.millrace.models.optimizer.Adagrad;
import io.millrace.models.optimizer.Adam;
import io.millrace.models.optimizer.AdamW;
import io.millrace.models.optimizer.AmsGrad;
import io.millrace.models.optimizer.Auto;
import io.millrace.models.optimizer.Cocob;
import io.millrace.models.optimizer.Ftrl;
import io.millrace.models.optimizer.Momentum;
import io.millrace.models.optimizer.Nadam;
import io.millrace.models.optimizer.Nesterov;
import io.millrace.models.optimizer.Optimizer;
import io.millrace.models.optimizer.Regularization;
import io.millrace.models.optimizer.RmsProp;
import io.millrace.models.optimizer.Schedule;
import io.millrace.models.optimizer.Sgd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private record Bounded(
            @Setting(value = "A.", atLeast = 1, atMost = 3) int inclusive,
            @Setting(value = "B.", above = 0, below = 1) double exclusive,
            @Setting(value = "C.", atLeast = 1) String text,
            @Setting(value = "D.", atMost = 2) List<String> entries,
            @Setting(value = "E.", above = 0) Duration longTime,

            @Setting(value = "F.", optional = true) @Nullable
            String maybe) {
        Bounded {
            Settings.check(Bounded.class, inclusive, exclusive, text, entries, longTime, maybe);
        }
    }

    private static void refuses(String message, int a, double b, String c, int entries, Duration e) {
        assertThatThrownBy(() -> new Bounded(a, b, c, Collections.nCopies(entries, "x"), e, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void refusalsNameTheComponentItsValueAndTheRule() {
        Duration second = Duration.ofSeconds(1);
        refuses("inclusive=0 must be >= 1", 0, 0.5, "c", 1, second);
        refuses("inclusive=4 must be <= 3", 4, 0.5, "c", 1, second);
        refuses("exclusive=0.0 must be > 0", 1, 0, "c", 1, second);
        refuses("exclusive=1.0 must be < 1", 1, 1, "c", 1, second);
        refuses("exclusive=1.0E-46 must be 0, or between 1.2e-38 and 3.4e38 in size", 1, 1e-46, "c", 1, second);
        refuses("exclusive=NaN must be a number", 1, Double.NaN, "c", 1, second);
        refuses("text= length must be >= 1", 1, 0.5, "", 1, second);
        refuses("entries=[x, x, x] number of entries must be <= 2", 1, 0.5, "c", 3, second);
        refuses("long-time=PT0S seconds must be > 0", 1, 0.5, "c", 1, Duration.ZERO);
        refuses("text=null must be given", 1, 0.5, null, 1, second);
        new Bounded(3, 0.5, "c", List.of(), second, null);
    }

    @Test
    void namesAreWrittenAsInJobFiles() {
        assertThat(Settings.term(LayerNorm.class)).isEqualTo("layer-norm");
        assertThat(Settings.term(Thread.State.TIMED_WAITING)).isEqualTo("timed-waiting");
        assertThat(Settings.name(Adam.class.getRecordComponents()[0])).isEqualTo("learning-rate");
        assertThat(Settings.plain(65536)).isEqualTo("65536");
        assertThat(Settings.plain(0.25)).isEqualTo("0.25");
    }

    /** A spec and the defaults that its components promise. */
    private record Promise(Class<?> spec, String defaults) {}

    static List<Promise> promises() {
        return List.of(
                new Promise(
                        ModelSpec.class,
                        "layers=[standardize, {dense: 64}, layer-norm, tanh], loss=, optimizer=auto,"
                                + " schedule=constant, regularization={}, on-drift=, seed=1"),
                new Promise(Dense.class, "units=, initializer=he"),
                new Promise(LayerNorm.class, "epsilon=1e-5"),
                new Promise(Standardize.class, "half-life="),
                new Promise(WeightNorm.class, "units=, initializer=he"),
                new Promise(CosineNorm.class, "units=, epsilon=1e-5, initializer=he"),
                new Promise(Residual.class, "layers="),
                new Promise(Concat.class, "layers="),
                new Promise(RmsNorm.class, "epsilon=1e-5"),
                new Promise(BatchNorm.class, "half-life=100, epsilon=1e-5"),
                new Promise(LeakyRelu.class, "slope=0.01"),
                new Promise(Elu.class, "alpha=1.0"),
                new Promise(Dropout.class, "rate=0.5"),
                new Promise(CrossEntropy.class, "label-smoothing=0.0"),
                new Promise(Quantile.class, "quantile=0.5, standardize-label=true"),
                new Promise(Squared.class, "standardize-label=true"),
                new Promise(Huber.class, "delta=1.0, standardize-label=true"),
                new Promise(Schedule.WarmUp.class, "updates=100"),
                new Promise(Schedule.Step.class, "every=, factor=0.1"),
                new Promise(Schedule.Exponential.class, "half-life="),
                new Promise(Schedule.InverseSqrt.class, "warm-up=100"),
                new Promise(Schedule.Cosine.class, "period="),
                new Promise(Schedule.SlantedTriangular.class, "updates="),
                new Promise(
                        Schedule.ReduceOnPlateau.class,
                        "factor=0.1, patience=1000, threshold=1e-4, window=100, least=0.01"),
                new Promise(Regularization.class, "clip-norm=, clip-value=, l2=0.0, max-norm="),
                new Promise(Sgd.class, "learning-rate=0.1"),
                new Promise(Momentum.class, "learning-rate=0.01, momentum=0.9"),
                new Promise(Nesterov.class, "learning-rate=0.01, momentum=0.9"),
                new Promise(Adagrad.class, "learning-rate=0.01, epsilon=1e-10"),
                new Promise(Adadelta.class, "learning-rate=1.0, decay=0.9, epsilon=1e-6"),
                new Promise(RmsProp.class, "learning-rate=0.01, decay=0.99, epsilon=1e-8"),
                new Promise(
                        AdamW.class, "learning-rate=0.003, weight-decay=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8"),
                new Promise(Nadam.class, "learning-rate=0.003, beta1=0.9, beta2=0.999, epsilon=1e-8"),
                new Promise(AmsGrad.class, "learning-rate=0.003, beta1=0.9, beta2=0.999, epsilon=1e-8"),
                new Promise(Ftrl.class, "learning-rate=0.1, l1=0.0, l2=0.0, beta=1.0"),
                new Promise(Auto.class, "candidates=3"),
                new Promise(Cocob.class, "alpha=100.0"),
                new Promise(Adam.class, "learning-rate=0.003, beta1=0.9, beta2=0.999, epsilon=1e-8"));
    }

    @ParameterizedTest
    @MethodSource("promises")
    void defaultsArePinned(Promise promise) {
        String defaults = Arrays.stream(promise.spec.getRecordComponents())
                .map(c ->
                        Settings.name(c) + "=" + c.getAnnotation(Setting.class).byDefault())
                .collect(Collectors.joining(", "));
        assertThat(defaults).isEqualTo(promise.defaults);
    }

    @Test
    void shortConstructorsAgreeWithTheDefaults() {
        assertThat(new LayerNorm()).isEqualTo(new LayerNorm(1e-5));
        assertThat(new Dense(3)).isEqualTo(new Dense(3, InitialWeights.HE));
        assertThat(new WeightNorm(3)).isEqualTo(new WeightNorm(3, InitialWeights.HE));
        assertThat(new CosineNorm(3, 1e-5)).isEqualTo(new CosineNorm(3, 1e-5, InitialWeights.HE));
        assertThat(new Squared()).isEqualTo(new Squared(true));
        assertThat(new Auto()).isEqualTo(new Auto(3));
        assertThat(new Adam(0.003)).isEqualTo(new Adam(0.003, 0.9, 0.999, 1e-8));
    }

    static Stream<Class<?>> catalogue() {
        return Stream.of(Layer.class, Loss.class, Optimizer.class, Schedule.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void everySpecSaysWhatItIs(Class<?> spec) {
        assertThat(spec.getAnnotation(Term.class)).isNotNull();
        assertThat(spec.getAnnotation(Term.class).about()).endsWith(".");
        assertThat(spec.getRecordComponents()).allMatch(c -> c.isAnnotationPresent(Setting.class));
    }

    @Test
    void specsRefuseWhatTheirSettingsForbid() {
        assertThatThrownBy(() -> new Dense(0)).hasMessage("units=0 must be >= 1");
        assertThatThrownBy(() -> new Dropout(1)).hasMessage("rate=1.0 must be < 1");
        assertThatThrownBy(() -> new Sgd(0)).hasMessage("learning-rate=0.0 must be > 0");
        String asFloat = " must be 0, or between 1.2e-38 and 3.4e38 in size";
        assertThatThrownBy(() -> new Sgd(Double.POSITIVE_INFINITY)).hasMessage("learning-rate=Infinity" + asFloat);
        assertThatThrownBy(() -> new Sgd(1e39)).hasMessage("learning-rate=1.0E39" + asFloat);
        assertThatThrownBy(() -> new Adam(Double.NaN)).hasMessage("learning-rate=NaN must be a number");
        assertThatThrownBy(() -> new Momentum(0.1, 1)).hasMessage("momentum=1.0 must be < 1");
        List<Layer> layers = Collections.nCopies(101, new Relu());
        assertThatThrownBy(() -> new ModelSpec(layers, null, new Sgd(0.1), 1))
                .hasMessageContaining("number of entries must be <= 100");
        List<Layer> copied = new ArrayList<>(List.of(new Standardize()));
        ModelSpec spec = new ModelSpec(copied, null, new Sgd(0.1), 1);
        copied.clear();
        assertThat(spec.layers()).containsExactly(new Standardize());
    }
}
