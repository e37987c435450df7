package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.convert.NormSpec;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

public final class StyleTraining {

    /** A training that starts with {@link AdaINDecoder#create}; style weight 10, Adam 1e-4. */
    public StyleTraining(Vgg19 encoder, NormSpec norm, long seed) {
        throw new UnsupportedOperationException();
    }

    /** Continues from a file of {@link #save}. */
    public static StyleTraining resume(Vgg19 encoder, Path checkpoint) {
        throw new UnsupportedOperationException();
    }

    /** One step on a batch: content and style [N, 3, S, S], RGB in [0, 1], S a multiple of 8, 16 or more; losses before the step. */
    public StyleLosses fit(INDArray content, INDArray style) {
        throw new UnsupportedOperationException();
    }

    /** The losses of images that are not trained on. */
    public StyleLosses evaluate(INDArray content, INDArray style) {
        throw new UnsupportedOperationException();
    }

    /** Takes another learning rate from the next step on. */
    public void learningRate(double rate) {
        throw new UnsupportedOperationException();
    }

    /** Steps done so far. */
    public int iteration() {
        throw new UnsupportedOperationException();
    }

    /** The decoder as it is now: a copy. */
    public AdaINDecoder decoder() {
        throw new UnsupportedOperationException();
    }

    /** A checkpoint, from which {@link #resume} goes on and {@link AdaINDecoder#load} takes the decoder. */
    public void save(Path checkpoint) {
        throw new UnsupportedOperationException();
    }
}
