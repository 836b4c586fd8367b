package io.millrace.models;

import java.io.Serializable;
import java.util.List;

/**
 * What a model is fed: numbers first, then categories.
 *
 * <p>A sample's feature vector holds {@code numeric} numbers, NaN where one is missing, followed by one bucket
 * index per category, a whole number in [0, buckets).
 *
 * @param numeric how many numbers lead the feature vector, at least 0
 * @param categories one entry per categorical feature
 */
public record Inputs(int numeric, List<Category> categories) implements Serializable {

    static final int MOST = 65_535; // features or classes: what the bytes of a sample can count

    /**
     * A categorical feature, hashed into buckets, each of which learns a vector.
     *
     * @param buckets number of buckets, in [1, 2^24]
     * @param dimension length of the vector, at least 1
     */
    public record Category(int buckets, int dimension) implements Serializable {
        public Category {
            if (buckets < 1 || buckets > 1 << 24) {
                throw new IllegalArgumentException("buckets=" + buckets + " must be in [1, 16777216]");
            }
            if (dimension < 1) {
                throw new IllegalArgumentException("dimension=" + dimension + " must be >= 1");
            }
        }
    }

    public Inputs {
        categories = List.copyOf(categories);
        if (numeric < 0) {
            throw new IllegalArgumentException("numeric=" + numeric + " must be >= 0");
        }
        if (numeric > MOST - categories.size()) {
            throw new IllegalArgumentException("a model may have at most " + MOST + " features, and these are "
                    + ((long) numeric + categories.size()));
        }
        if (numeric == 0 && categories.isEmpty()) {
            throw new IllegalArgumentException("a model needs at least one feature");
        }
    }

    /** Numbers only. */
    public static Inputs numeric(int numeric) {
        return new Inputs(numeric, List.of());
    }

    /** Length of a sample's feature vector. */
    public int width() {
        return numeric + categories.size();
    }

    /**
     * Makes sure that a model can read a sample: it has every column, and its categories are buckets.
     *
     * @throws IllegalArgumentException if the length is wrong or an index is not one of its category's buckets
     */
    public void check(float[] features) {
        String fault = fault(features);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Why a model cannot read a sample, see {@link #check}; empty if it can. */
    public String fault(float[] features) {
        if (features.length != width()) {
            return "features.length=" + features.length + " must equal width=" + width();
        }
        for (int i = 0; i < categories.size(); i++) {
            float bucket = features[numeric + i];
            int buckets = categories.get(i).buckets();
            if (!(bucket >= 0 && bucket < buckets && bucket == (int) bucket)) {
                return "features[" + (numeric + i) + "]=" + bucket + " must be a whole number in [0, " + buckets + ")";
            }
        }
        return "";
    }
}
