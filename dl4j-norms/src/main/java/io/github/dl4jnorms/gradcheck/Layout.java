package io.github.dl4jnorms.gradcheck;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat;

/** Where examples, channels, time and space are in an array: every kind of input a DL4J layer can have. */
public enum Layout {
    /** Feed-forward, {@code [N, C]}. */
    NC,
    /** Recurrent, {@code [N, C, T]}. */
    NCW,
    /** Recurrent, {@code [N, T, C]}. */
    NWC,
    /** Convolutional, {@code [N, C, H, W]}. */
    NCHW,
    /** Convolutional, {@code [N, H, W, C]}. */
    NHWC,
    /** 3-D convolutional, {@code [N, C, D, H, W]}. */
    NCDHW,
    /** 3-D convolutional, {@code [N, D, H, W, C]}. */
    NDHWC;

    /** A small input type of this layout: 3 time steps, 2×3 pixels, 2×1×2 voxels. */
    public InputType of(long channels) {
        return switch (this) {
            case NC -> InputType.feedForward(channels);
            case NCW -> InputType.recurrent(channels, 3, RNNFormat.NCW);
            case NWC -> InputType.recurrent(channels, 3, RNNFormat.NWC);
            case NCHW -> InputType.convolutional(2, 3, channels, CNN2DFormat.NCHW);
            case NHWC -> InputType.convolutional(2, 3, channels, CNN2DFormat.NHWC);
            case NCDHW -> InputType.convolutional3D(DataFormat.NCDHW, 2, 1, 2, channels);
            case NDHWC -> InputType.convolutional3D(DataFormat.NDHWC, 2, 1, 2, channels);
        };
    }

    /** The layout of an input type; a flattened convolutional one is feed-forward. */
    public static Layout of(InputType type) {
        if (type instanceof InputType.InputTypeRecurrent rnn) {
            return rnn.getFormat() == RNNFormat.NWC ? NWC : NCW;
        } else if (type instanceof InputType.InputTypeConvolutional cnn) {
            return cnn.getFormat() == CNN2DFormat.NHWC ? NHWC : NCHW;
        } else if (type instanceof InputType.InputTypeConvolutional3D cnn) {
            return cnn.getDataFormat() == DataFormat.NDHWC ? NDHWC : NCDHW;
        }
        return NC;
    }

    /** Whether there is time, which a mask can cut short. */
    public boolean recurrent() {
        return this == NCW || this == NWC;
    }

    /** The dimension of the channels. */
    int channelAxis() {
        return name().indexOf('C');
    }
}
