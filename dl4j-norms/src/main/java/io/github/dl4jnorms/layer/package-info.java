/** One DL4J layer configuration per norm, each with its {@code Builder}. */
package io.github.dl4jnorms.layer;
