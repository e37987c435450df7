package io.github.dl4jnorms.experiments.report;

/**
 * Where the middle of some numbers lies and how far they spread.
 *
 * @param q1     a quarter of them are smaller
 * @param median half of them are smaller
 * @param q3     a quarter of them are larger
 */
public record Quartiles(double q1, double median, double q3) {
    /** Of at least one number, in any order. */
    public static Quartiles of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: takes at least one number, received none");
        }
        Samples samples = new Samples(values);
        return new Quartiles(samples.q1(), samples.median(), samples.q3());
    }
}
