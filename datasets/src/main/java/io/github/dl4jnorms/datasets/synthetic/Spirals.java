package io.github.dl4jnorms.datasets.synthetic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.special.Erf;
import org.datavec.api.writable.DoubleWritable;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.Writable;

/**
 * Points of the plane that lie along spiral arms, one class for each arm: a small problem that no straight line solves, and
 * whose classes overlap, so that some points lie near the boundary.
 *
 * <p>A point is {@code r (cos φ, sin φ)} with r uniform from 0.1 to 1 and {@code φ = 2π arm / arms + 4 r + noise · z}, z
 * standard normal. The best classifier takes the arm that is nearest in angle, and errs where {@code |z| > π / (arms · noise)}.
 */
public final class Spirals {

    /** Column of a record's class; before it are x and y. */
    public static final int CLASS_COLUMN = 2;

    private static final double INNER = 0.1;
    private static final double TWIST = 4;

    private Spirals() {}

    /** What the best classifier gets right of them, from 0 to 1, as long as the noise is far from a full turn. */
    public static double bestAccuracy(int arms, double noise) {
        return Erf.erf(Math.PI / (arms * noise * Math.sqrt(2)));
    }

    /**
     * DataVec records: x, y and the arm from 0, in random order, equally many of each arm.
     *
     * @param count how many, a multiple of {@code arms}
     * @param arms classes, at least 2
     * @param noise standard deviation of the angle in radians, at least 0
     */
    public static List<List<Writable>> records(int count, int arms, double noise, long seed) {
        if (arms < 2) {
            throw new IllegalArgumentException("arms: takes at least 2, received " + arms);
        }
        if (count < arms || count % arms != 0) {
            throw new IllegalArgumentException(
                    "count: takes a positive multiple of the " + arms + " arms, received " + count);
        }
        if (!(noise >= 0)) {
            throw new IllegalArgumentException("noise: takes a number from 0, received " + noise);
        }
        Random random = new Random(seed);
        List<List<Writable>> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int arm = i % arms;
            double r = INNER + (1 - INNER) * random.nextDouble();
            double angle = 2 * Math.PI * arm / arms + TWIST * r + noise * random.nextGaussian();
            records.add(List.of(
                    new DoubleWritable(r * Math.cos(angle)),
                    new DoubleWritable(r * Math.sin(angle)),
                    new IntWritable(arm)));
        }
        Collections.shuffle(records, random);
        return records;
    }
}
