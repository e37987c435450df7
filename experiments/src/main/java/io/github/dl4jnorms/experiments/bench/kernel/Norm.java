package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.Locale;

/** The norms that are measured. */
public enum Norm {
    LAYER("LayerNorm", true),
    RMS("RMSNorm", true),
    GROUP("GroupNorm(32)", false),
    /** In training: by the statistics of the batch. */
    BATCH("BatchNorm", false),
    INSTANCE("InstanceNorm", false);

    /** Of GroupNorm. */
    public static final int GROUPS = 32;

    private final String title;
    private final boolean perRow;

    Norm(String title, boolean perRow) {
        this.title = title;
        this.perRow = perRow;
    }

    /** In tables and plots. */
    public String title() {
        return title;
    }

    /** Whether it normalizes over the last dimension, instead of over channels' values in dimensions from 2 on. */
    public boolean perRow() {
        return perRow;
    }

    /** Whether it takes a mean away, so that there is a β. */
    public boolean centred() {
        return this != RMS;
    }

    /** In a {@link Work}'s text. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
