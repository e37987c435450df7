/**
 * What a one-stage, anchor-free object detector needs around its network: boxes, the loss it is trained with, the
 * decoding of its predictions and the measure of how good they are.
 *
 * <p>Coordinates are continuous pixels: x grows to the right, y downwards, the image covers
 * {@code [0, width] x [0, height]}, and a box from 3 to 5 is 2 wide (not 3, as where pixels are counted).
 *
 * <p>The detector is FCOS: Tian, Shen, Chen and He, "FCOS: Fully Convolutional One-Stage Object Detection", ICCV 2019,
 * <a href="https://arxiv.org/abs/1904.01355">arXiv 1904.01355</a>.
 */
package io.github.dl4jnorms.samediff.detection;
