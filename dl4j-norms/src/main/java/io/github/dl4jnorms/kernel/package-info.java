/**
 * The arithmetic of the norms on plain memory, without any ND4J type.
 *
 * <p>Two shared functions make every channel norm: statistics over a group of rows, and a normalization of each row by an
 * affine function ({@link io.github.dl4jnorms.kernel.ChannelNorm}). Which rows share statistics is all that tells one norm
 * from another ({@link io.github.dl4jnorms.kernel.RowGroups}). Off-heap memory is staged piece by piece through heap arrays
 * that stay in the processor's cache ({@link io.github.dl4jnorms.kernel.Tile}).
 */
package io.github.dl4jnorms.kernel;
