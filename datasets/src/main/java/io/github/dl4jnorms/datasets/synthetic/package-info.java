/** Makers of data for when there is none: seeded, on disk, in the layout of the real thing. */
package io.github.dl4jnorms.datasets.synthetic;
