/** Norms by name. */
package io.github.dl4jnorms.convert;
