/** Multi-head self-attention and what transformers are made of besides it. */
package io.github.dl4jnorms.samediff.attention;
