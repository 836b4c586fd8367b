package io.millrace.connectors.event;

import io.millrace.models.spec.Setting;
import io.millrace.models.spec.Settings;
import io.millrace.models.spec.Term;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields of an event that a model is fed. */
public sealed interface Feature extends Serializable {

    /** The fields, in order. */
    List<String> names();

    /** Numbers, booleans as 0 and 1, timestamps as seconds since 1970 UTC; NaN where one is missing. */
    @Term(value = "numeric", about = "fields that are numbers, booleans or timestamps")
    record Numeric(
            @Setting(value = "names of the fields", atLeast = 1)
            List<String> fields) implements Feature {
        public Numeric {
            fields = List.copyOf(fields);
            Settings.check(Numeric.class, fields);
        }

        @Override
        public List<String> names() {
            return fields;
        }
    }

    /** A field whose text is hashed into buckets, each of which learns a vector; a missing one is a text of its own. */
    @Term(value = "categorical", about = "a field whose text is hashed into buckets, each of which learns a vector")
    record Categorical(
            @Setting(value = "name of the field", atLeast = 1)
            String field,

            @Setting(value = "number of buckets", byDefault = "64", atLeast = 1, atMost = 1 << 24)
            int buckets,

            @Setting(value = "length of the vector", byDefault = "4", atLeast = 1)
            int dimension)
            implements Feature {
        public Categorical {
            Settings.check(Categorical.class, field, buckets, dimension);
        }

        /** With as many buckets and as long a vector as when neither is given. */
        public Categorical(String field) {
            this(field, 64, 4);
        }

        /** The bucket of a text, in [0, buckets); null is a missing one. */
        public int bucket(@Nullable String text) {
            return text == null ? CategoryHash.missing(buckets) : CategoryHash.bucket(text, buckets);
        }

        @Override
        public List<String> names() {
            return List.of(field);
        }
    }
}
