package io.github.dl4jnorms.samediff.attention;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * How a sequence of tokens lies in an array.
 *
 * @param size numbers of each token
 * @param channelsLast {@code [N, T, D]}, DL4J's NWC, instead of {@code [N, D, T]}, its NCW
 */
public record Sequence(long size, boolean channelsLast) {

    /** The layout of what DL4J says an input is; {@code taker} is the layer or vertex that takes it. */
    public static Sequence of(Class<?> taker, InputType type) {
        if (type instanceof InputType.InputTypeRecurrent rnn) {
            return new Sequence(rnn.getSize(), rnn.getFormat() == RNNFormat.NWC);
        }
        throw new IllegalArgumentException(
                "inputType: " + taker.getSimpleName() + " takes recurrent input, received " + type);
    }

    /** From this layout to {@code [N, T, D]}. */
    public SDVariable tokens(SameDiff sd, SDVariable x) {
        return channelsLast ? x : TokenOps.swapTime(sd, x);
    }

    /** From {@code [N, T, D]} to this layout; 0 where a mask {@code [N, T]}, which may be null, has no token. */
    public SDVariable restore(SameDiff sd, SDVariable tokens, SDVariable mask) {
        SDVariable y = mask == null ? tokens : tokens.mul(sd.expandDims(typed(mask, tokens), 2));
        return channelsLast ? y : TokenOps.swapTime(sd, y);
    }

    static SDVariable typed(SDVariable mask, SDVariable x) {
        return mask.dataType() == x.dataType() ? mask : mask.castTo(x.dataType());
    }
}
