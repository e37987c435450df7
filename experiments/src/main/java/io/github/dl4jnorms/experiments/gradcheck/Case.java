package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.gradcheck.GradientCheck;

/**
 * One line of the table.
 *
 * @param layer what is checked
 * @param layout how its input lies, "masked" if cut short
 * @param variant its settings
 * @param check does it
 * @param quickEntries entries of each array that a quick run compares
 */
record Case(String layer, String layout, String variant, GradientCheck check, int quickEntries) {

    private static final int SOME = 12;

    /** Of a layer, whose arrays are few. */
    Case(String layer, String layout, String variant, GradientCheck check) {
        this(layer, layout, variant, check, SOME);
    }

    String name() {
        return (layer + " " + layout + " " + variant).strip();
    }
}
