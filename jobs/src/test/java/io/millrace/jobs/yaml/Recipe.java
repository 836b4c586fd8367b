package io.millrace.jobs.yaml;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A spec record with a component of every kind. */
@Term(value = "recipe", about = "Everything a spec record can hold.")
record Recipe(
        @Setting(value = "Its name.", atLeast = 2, atMost = 9)
        String name,

        @Setting(value = "A whole number.", byDefault = "3", atLeast = 0, atMost = 10)
        int count,

        @Setting(value = "A large number.", byDefault = "5000000000")
        long many,

        @Setting(value = "A single.", byDefault = "0.1", above = 0)
        float single,

        @Setting(value = "A double.", byDefault = "1e-8", below = 1)
        double tiny,

        @Setting(value = "A truth value.", byDefault = "false")
        boolean quick,

        @Setting(value = "An enum.", byDefault = "well-done")
        Doneness doneness,

        @Setting(value = "A duration.", byDefault = "90 s", above = 0)
        Duration time,

        @Setting(value = "Texts.", optional = true, atLeast = 1)
        List<String> tags,

        @Setting(value = "Foreign settings.", byDefault = "{}")
        Map<String, String> properties,

        @Setting(value = "Choices.", byDefault = "[stir, {bake: 180}]")
        List<Step> steps,

        @Setting(value = "A record.", byDefault = "{}") Oven oven,

        @Setting(value = "A text of its own.", byDefault = "1:2")
        Ratio ratio) {
    Recipe {
        Settings.check(
                Recipe.class,
                name,
                count,
                many,
                single,
                tiny,
                quick,
                doneness,
                time,
                tags,
                properties,
                steps,
                oven,
                ratio);
        if (quick && doneness == Doneness.WELL_DONE) {
            throw new IllegalArgumentException("quick must be false for doneness=well-done");
        }
    }

    enum Doneness {
        RARE,
        WELL_DONE
    }

    sealed interface Step {}

    record Stir() implements Step {}

    record Bake(
            @Setting(value = "Degrees.", atLeast = 20, atMost = 300)
            int degrees,

            @Setting(value = "Fan.", byDefault = "false") boolean fan)
            implements Step {}

    record Layered(
            @Setting(value = "Steps within.", atLeast = 1) List<Step> steps) implements Step {}

    record Oven(
            @Setting(value = "Its maker.", optional = true) String maker) {}

    record Ratio(int first, int second) {
        static Ratio parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("expected a ratio such as 1:2, found \"" + text + "\"");
            }
            return new Ratio(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }

        @Override
        public String toString() {
            return first + ":" + second;
        }
    }
}
