/** Larger layers and models, built from the norms of dl4j-norms. */
package io.github.dl4jnorms.samediff;
