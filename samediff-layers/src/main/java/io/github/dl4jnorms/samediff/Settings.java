package io.github.dl4jnorms.samediff;

/** Checks of what builders are given. */
public final class Settings {

    private Settings() {}

    /** The value, if it is greater than 0. */
    public static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": takes a number greater than 0, received " + value);
        }
        return value;
    }

    /** The value, if it is greater than 0. */
    public static double positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + ": takes a number greater than 0, received " + value);
        }
        return value;
    }
}
