/** Convolutions that reach oneDNN, and how a convolution and its norm go together. */
package io.github.dl4jnorms.samediff.conv;
