package io.github.dl4jnorms.convert;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** DL4J's own layers as {@link Foldable}s. */
record Dl4jFoldable(FeedForwardLayer layer, String weightName, long[] channelShape) implements Foldable {

    /**
     * By exact class, as a subclass may hold its weights in another way. In 1.0.0-M2.1 Convolution1DLayer declares
     * {@code [nOut, nIn, kernel, 1]} and reads the same numbers as {@code [kernel, nIn, nOut]}.
     */
    private static final Map<Class<?>, Function<FeedForwardLayer, Dl4jFoldable>> KNOWN = Map.of(
            DenseLayer.class, layer -> new Dl4jFoldable(layer, "W", new long[] {1, layer.getNOut()}),
            ConvolutionLayer.class, convolution("W", 4),
            Convolution2D.class, convolution("W", 4),
            Convolution3D.class, convolution("W", 5),
            SeparableConvolution2D.class, convolution("pW", 4));

    private static Function<FeedForwardLayer, Dl4jFoldable> convolution(String weight, int rank) {
        return layer -> {
            long[] shape = new long[rank];
            Arrays.fill(shape, 1);
            shape[0] = layer.getNOut();
            return new Dl4jFoldable(layer, weight, shape);
        };
    }

    /** The layer as a foldable one, DL4J's or another's. */
    static Optional<Foldable> of(Layer layer) {
        if (layer instanceof Foldable foldable) {
            return Optional.of(foldable);
        }
        Function<FeedForwardLayer, Dl4jFoldable> known = KNOWN.get(layer.getClass());
        return Optional.ofNullable(known).map(make -> make.apply((FeedForwardLayer) layer));
    }

    @Override
    public boolean isLinear() {
        boolean layerNorm = layer instanceof DenseLayer dense && dense.isHasLayerNorm();
        return !layerNorm && layer.getActivationFn() instanceof ActivationIdentity;
    }

    @Override
    public String biasName() {
        return "b";
    }

    @Override
    public Layer withBias() {
        BaseLayer copy = layer.clone();
        if (copy instanceof DenseLayer dense) {
            dense.setHasBias(true);
        } else {
            ((ConvolutionLayer) copy).setHasBias(true);
        }
        return copy;
    }
}
