/** The diffusion transformer (DiT) and its parts. */
package io.github.dl4jnorms.samediff.dit;
