package io.github.dl4jnorms.datasets.detection;

import java.nio.file.Path;
import java.util.List;

/**
 * A readable image of a {@link VocFolder} with its objects.
 *
 * @param id its name in the split's list
 * @param file the image file
 * @param width the file's own width in pixels, whatever the annotation says
 * @param height the file's own height in pixels
 * @param boxes its objects, clipped to the image; empty for a negative sample
 */
public record VocImage(String id, Path file, int width, int height, List<BoxAnnotation> boxes) {

    public VocImage {
        boxes = List.copyOf(boxes);
    }
}
