/**
 * {@code ./norms detect}: BatchNorm against GroupNorm in a detector (ResNet-50, FPN, FCOS head) over batch sizes, the
 * question of Wu and He 2018, "Group Normalization", <a href="https://arxiv.org/abs/1803.08494">arXiv:1803.08494</a>.
 */
package io.github.dl4jnorms.experiments.detect;
