/** Norms by name, swapping the norms of existing networks, and folding BatchNorms into the layers before them. */
package io.github.dl4jnorms.convert;
