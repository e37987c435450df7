/** Style transfer by adaptive instance normalization: a VGG-19 encoder, a decoder, and the decoder's training. */
package io.github.dl4jnorms.samediff.style;
