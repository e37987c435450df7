/**
 * Operations of a SameDiff graph whose arithmetic is Java, and how ND4J comes to run them: {@link
 * io.github.dl4jnorms.execution.JavaOpExecutioner} in the place of its own executioner.
 */
package io.github.dl4jnorms.execution;
