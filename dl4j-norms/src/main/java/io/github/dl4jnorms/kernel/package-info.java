/**
 * The arithmetic of the norms on plain memory, without any ND4J type.
 *
 * <p>Two shared functions make every norm: statistics over a group of rows, and a normalization of each row by an affine
 * function ({@link io.github.dl4jnorms.kernel.GroupedNorm}). Which rows share statistics
 * ({@link io.github.dl4jnorms.kernel.RowGroups}), and whether γ and β belong to rows
 * ({@link io.github.dl4jnorms.kernel.ChannelNorm}) or to their elements ({@link io.github.dl4jnorms.kernel.RowNorm}), is all
 * that tells one norm from another.
 *
 * <p>Off-heap memory is staged piece by piece through heap arrays that stay in the processor's cache. The loops over them, in
 * Java's vectors where the Vector API is there and in plain loops elsewhere, are the tiles': {@code Tile} and
 * {@link io.github.dl4jnorms.kernel.Tiles}.
 */
package io.github.dl4jnorms.kernel;
