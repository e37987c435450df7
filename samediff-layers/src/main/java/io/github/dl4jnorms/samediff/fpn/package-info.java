/** Feature pyramids. */
package io.github.dl4jnorms.samediff.fpn;
