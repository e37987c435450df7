package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.weight.Parametrization;
import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;

/** How the weights of a network are parametrized. */
enum Form {
    NONE("no norm", 0, Parametrization.none()),
    WEIGHT("weight norm", 1, new WeightNorm()),
    ONE_ITERATION("spectral norm, 1 iteration", 4, new SpectralNorm()),
    BOUNDED("spectral norm, bounded", 2, SpectralNorm.bounded());

    private final String label;
    private final int color;
    private final Parametrization parametrization;

    Form(String label, int color, Parametrization parametrization) {
        this.label = label;
        this.color = color;
        this.parametrization = parametrization;
    }

    Parametrization parametrization() {
        return parametrization;
    }

    boolean spectral() {
        return parametrization instanceof SpectralNorm;
    }

    /** Its colour in every plot, an index into the palette. */
    int color() {
        return color;
    }

    @Override
    public String toString() {
        return label;
    }
}
