/** Learning-rate schedules that ND4J lacks, in its own habit: serializable, and the same in JSON and back. */
package io.github.dl4jnorms.experiments.schedule;
