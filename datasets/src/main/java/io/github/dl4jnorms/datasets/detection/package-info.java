/**
 * Object detection data: a Pascal VOC folder in, DL4J {@code MultiDataSet}s with FCOS targets per pyramid level out.
 *
 * <p>The way of an image: {@link io.github.dl4jnorms.datasets.detection.VocFolder} finds and checks it,
 * {@link io.github.dl4jnorms.datasets.detection.VocRecordReader} decodes and resizes it together with its boxes,
 * {@link io.github.dl4jnorms.datasets.detection.ResizedImages} keeps the result for all epochs and runs, and
 * {@link io.github.dl4jnorms.datasets.detection.DetectionIterator} flips, batches and encodes it with
 * {@link io.github.dl4jnorms.datasets.detection.FcosTargets}.
 *
 * <p>Boxes are continuous everywhere: x to the right, y down, the image covers {@code [0, width] × [0, height]} and
 * pixel {@code i} covers {@code [i, i + 1]}.
 */
package io.github.dl4jnorms.datasets.detection;
