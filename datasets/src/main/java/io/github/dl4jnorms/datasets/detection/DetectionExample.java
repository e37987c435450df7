package io.github.dl4jnorms.datasets.detection;

import java.io.Serializable;
import java.util.List;

/**
 * What evaluation needs to know of one example of a batch; every {@code MultiDataSet} of a {@link DetectionIterator}
 * carries its own, so they stay together however DL4J prefetches:
 * {@code batch.getExampleMetaData(DetectionExample.class)}, in the order of the batch.
 *
 * @param id the image's id in its split
 * @param size the side of the network's input in pixels
 * @param boxes the ground truth in pixels of the network's input, flipped as the example is
 */
public record DetectionExample(String id, int size, List<BoxAnnotation> boxes) implements Serializable {

    public DetectionExample {
        boxes = List.copyOf(boxes);
    }
}
