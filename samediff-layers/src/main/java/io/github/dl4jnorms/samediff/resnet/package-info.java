/** Residual networks. */
package io.github.dl4jnorms.samediff.resnet;
