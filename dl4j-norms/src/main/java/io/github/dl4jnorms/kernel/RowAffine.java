package io.github.dl4jnorms.kernel;

/** What normalization does to one row: x ↦ (x − mean) · scale + shift. */
record RowAffine(double mean, double scale, double shift) {}
