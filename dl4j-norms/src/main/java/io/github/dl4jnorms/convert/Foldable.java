package io.github.dl4jnorms.convert;

import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * A layer whose output channels are each linear in weights of their own, such as a convolution, so that {@link NormFolder} can
 * make an evaluation-mode BatchNorm after it part of its weights. Implemented by the layer's configuration.
 */
public interface Foldable {

    /** Whether the output is linear: no activation or anything else comes after weights and bias. */
    boolean isLinear();

    /** Name of the parameter that holds the weights. */
    String weightName();

    /**
     * The shape in which one number per output channel broadcasts against the weights: {@code [nOut, 1, 1, 1]} for weights
     * {@code [nOut, nIn, height, width]}.
     */
    long[] channelShape();

    /** Name of the parameter that holds the bias, one number per output channel, if there is one. */
    String biasName();

    /** A copy of this layer that has a bias. */
    Layer withBias();
}
