package io.github.dl4jnorms.experiments.bench.section;

import io.github.dl4jnorms.experiments.report.Samples;
import java.util.OptionalDouble;

/**
 * A row of {@code bench.csv}.
 *
 * @param section            the part of the benchmark
 * @param what               was done
 * @param peer               who did it
 * @param milliseconds       that it took
 * @param gigabytesPerSecond that had to be moved, where that is the measure
 * @param baseline           the peer that the ratio is to
 * @param ratio              of the median to the baseline's, where there is one
 */
public record Row(
        String section,
        String what,
        String peer,
        Samples milliseconds,
        OptionalDouble gigabytesPerSecond,
        String baseline,
        OptionalDouble ratio) {}
