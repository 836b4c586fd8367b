package io.millrace.jobs.demo.stream;

import io.millrace.jobs.demo.Drift;
import java.util.List;
import java.util.Random;

/**
 * Loan applications: nine facts of a person, and whether she belongs to group A (class 1), by the first four of the
 * paper's ten functions in turn. Numbers are shifted by up to {@value #PERTURBATION} of half their range after the
 * decision, and stay in it; a commission of 0 stays.
 *
 * @see "R. Agrawal, T. Imielinski, A. Swami, Database Mining: A Performance Perspective, 1993, section 5.1 and appendix"
 */
final class Agrawal implements Generator {
    private static final double PERTURBATION = 0.05;
    private static final int SALARY = 0;
    private static final int COMMISSION = 1;
    private static final int AGE = 2;
    private static final int EDUCATION = 3;
    private static final int CAR = 4;
    private static final int ZIP_CODE = 5;
    private static final int HOUSE_VALUE = 6;
    private static final int HOUSE_YEARS = 7;
    private static final int LOAN = 8;

    private final Concepts concepts;
    private final Random random;

    Agrawal(long events, long seed) {
        concepts = new Concepts(
                events, List.of("age alone", "salary by age", "education by age", "salary by age and education"));
        random = new Random(seed);
    }

    @Override
    public List<String> features() {
        return List.of(
                "salary", "commission", "age", "education", "car", "zip_code", "house_value", "house_years", "loan");
    }

    @Override
    public List<String> categories() {
        return List.of("education", "car", "zip_code");
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public List<Drift> drifts() {
        return concepts.drifts();
    }

    @Override
    public int next(double[] person) {
        person[SALARY] = between(20_000, 150_000);
        person[COMMISSION] = person[SALARY] >= 75_000 ? 0 : between(10_000, 75_000);
        person[AGE] = 20 + random.nextInt(61);
        person[EDUCATION] = random.nextInt(5);
        person[CAR] = 1 + random.nextInt(20);
        person[ZIP_CODE] = random.nextInt(9);
        double district = (9 - person[ZIP_CODE]) * 100_000;
        person[HOUSE_VALUE] = between(0.5 * district, 1.5 * district);
        person[HOUSE_YEARS] = 1 + random.nextInt(30);
        person[LOAN] = between(0, 500_000);
        boolean groupA = groupA(1 + concepts.next(), person[AGE], (int) person[EDUCATION], person[SALARY]);
        perturb(person, SALARY, 20_000, 150_000);
        if (person[COMMISSION] > 0) {
            perturb(person, COMMISSION, 10_000, 75_000);
        }
        perturb(person, AGE, 20, 80);
        perturb(person, HOUSE_VALUE, 0.5 * district, 1.5 * district);
        perturb(person, HOUSE_YEARS, 1, 30);
        perturb(person, LOAN, 0, 500_000);
        return groupA ? 1 : 0;
    }

    private double between(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    private void perturb(double[] person, int fact, double least, double most) {
        double shift = (random.nextDouble() - 0.5) * PERTURBATION * (most - least);
        person[fact] = Math.min(most, Math.max(least, person[fact] + shift));
    }

    /** The paper's functions 1 to 4. */
    static boolean groupA(int function, double age, int education, double salary) {
        int generation = age < 40 ? 0 : age < 60 ? 1 : 2;
        boolean usualEducation = education >= generation && education <= new int[] {1, 3, 4}[generation];
        return switch (function) {
            case 1 -> generation != 1;
            case 2 -> in(salary, new int[] {50, 75, 25}[generation]);
            case 3 -> usualEducation;
            case 4 -> in(salary, (usualEducation ? new int[] {25, 50, 50} : new int[] {50, 75, 25})[generation]);
            default -> throw new IllegalArgumentException("function=" + function + " must be in [1, 4]");
        };
    }

    /** True if a salary lies in the 50 thousand above so many thousand. */
    private static boolean in(double salary, int thousands) {
        return salary >= thousands * 1000.0 && salary <= (thousands + 50) * 1000.0;
    }
}
