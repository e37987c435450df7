/** {@code ./norms batchnorm}: BatchNorm beside PyTorch's and DL4J's, its running statistics, and its eval-mode bug. */
package io.github.dl4jnorms.experiments.batchnorm;
