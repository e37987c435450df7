/** libtorch through DJL, as a peer of {@code ./norms bench}, in a process of its own. */
package io.github.dl4jnorms.benchdjl;
