/** Whether training keeps to the memory that its first steps have taken. */
package io.github.dl4jnorms.experiments.bench.memory;
