package io.github.dl4jnorms.samediff.style;

import io.github.dl4jnorms.convert.NormSpec;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

public final class AdaINDecoder {

    private AdaINDecoder() {}

    /** Untrained. */
    public static AdaINDecoder create(NormSpec norm, long seed) {
        throw new UnsupportedOperationException();
    }

    /** A decoder's file or a training's checkpoint. */
    public static AdaINDecoder load(Path file) {
        throw new UnsupportedOperationException();
    }

    public void save(Path file) {
        throw new UnsupportedOperationException();
    }

    public NormSpec norm() {
        throw new UnsupportedOperationException();
    }

    public long parameterCount() {
        throw new UnsupportedOperationException();
    }

    /** relu4_1 features [N, 512, h, w] → images [N, 3, 8h, 8w], not clipped. */
    public INDArray decode(INDArray features) {
        throw new UnsupportedOperationException();
    }
}
