/** Files of trained weights that other frameworks write. */
package io.github.dl4jnorms.samediff.weights;
