package io.github.dl4jnorms.samediff.style;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Runs a network of convolutions on a large image in horizontal strips, so that the memory is that of a strip. Exact: each
 * strip is computed with the rows around it that it depends on.
 *
 * @param pixels of the image in a strip, about
 */
record Strips(long pixels) {

    /**
     * Rows of features above and below that a result depends on, rounded up: at relu4_1 the encoder's 30 rows of pixels, the
     * decoder's 4 rows of features, and fewer at the layers before it.
     */
    private static final int MARGIN = 4;

    /** The features of an image, one for {@code stride} pixels each way. */
    INDArray encode(INDArray image, int stride, UnaryOperator<INDArray> encoder) {
        return run(image, image.size(3), stride, 1, encoder);
    }

    /** The image of features. */
    INDArray decode(INDArray features, int stride, UnaryOperator<INDArray> decoder) {
        return run(features, features.size(3) * stride, 1, stride, decoder);
    }

    /**
     * @param width of the image
     * @param in rows of x that are a row of features
     * @param out rows of y that are a row of features
     */
    private INDArray run(INDArray x, long width, int in, int out, UnaryOperator<INDArray> network) {
        long rows = x.size(2) / in;
        long step = Math.max(MARGIN, pixels / (width * in * out) - 2 * MARGIN);
        if (rows <= step + 2 * MARGIN) {
            return network.apply(x);
        }
        INDArray y = null;
        for (long first = 0; first < rows; first += step) {
            long end = Math.min(first + step, rows);
            long from = Math.max(first - MARGIN, 0);
            long to = Math.min(end + MARGIN, rows);
            INDArray part =
                    x.get(rows(from * in, to == rows ? x.size(2) : to * in)).dup('c');
            INDArray strip = network.apply(part);
            part.close();
            if (y == null) {
                y = Nd4j.createUninitialized(strip.dataType(), x.size(0), strip.size(1), rows * out, strip.size(3));
            }
            y.get(rows(first * out, end * out)).assign(strip.get(rows((first - from) * out, (end - from) * out)));
            strip.close(); // the collector does not see how large they are
        }
        return y;
    }

    private static INDArrayIndex[] rows(long from, long to) {
        return new INDArrayIndex[] {
            NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all()
        };
    }
}
