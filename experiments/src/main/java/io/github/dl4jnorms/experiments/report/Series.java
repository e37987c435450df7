package io.github.dl4jnorms.experiments.report;

/**
 * One line of a plot.
 *
 * @param name  in the legend
 * @param x     horizontal values, ascending
 * @param y     vertical values; points that are not finite are left out
 * @param color index into the palette, so that the same thing has the same colour in every plot
 * @param style how it is drawn
 */
public record Series(String name, double[] x, double[] y, int color, Style style) {
    /** How the points are drawn. */
    public enum Style {
        /** A line with a dot at each point. */
        SOLID,
        /** A dashed line. */
        DASHED,
        /** A line, for many points. */
        THIN,
        /** Dots without a line. */
        DOTS
    }

    public Series {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "x and y take the same length, got " + x.length + " and " + y.length + " in " + name);
        }
    }

    public Series(String name, double[] x, double[] y, int color) {
        this(name, x, y, color, Style.SOLID);
    }
}
