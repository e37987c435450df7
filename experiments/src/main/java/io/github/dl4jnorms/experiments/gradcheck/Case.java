package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.gradcheck.GradientCheck;

/**
 * One line of the table.
 *
 * @param layer what is checked
 * @param layout how its input lies, "masked" if cut short
 * @param variant its settings
 * @param check does it
 */
record Case(String layer, String layout, String variant, GradientCheck check) {

    String name() {
        return (layer + " " + layout + " " + variant).strip();
    }
}
