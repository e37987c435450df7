/** What an optimizer does to parameters and gradients, faster than ND4J does it and with the same results. */
package io.github.dl4jnorms.learning;
