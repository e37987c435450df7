package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A layer with parameters for each channel, whose output has its input's shape; size and layout are taken from the input type.
 *
 * <p>Input and output: feed-forward {@code [N, C]}, recurrent {@code [N, C, T]} or {@code [N, T, C]}, convolutional
 * {@code [N, C, H, W]} or {@code [N, H, W, C]}, 3-D convolutional likewise.
 */
public abstract class ChannelLayer extends DefinedLayer {

    private long size;
    private boolean channelsLast;

    protected ChannelLayer() {}

    protected ChannelLayer(SameDiffLayer.Builder<?> builder) {
        super(builder);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (size > 0 && !override) {
            return;
        }
        Layout layout = Layout.of(getClass(), inputType);
        this.size = layout.channels();
        this.channelsLast = layout.channelsLast();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public void declare(Parameters parameters) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + getClass().getSimpleName()
                    + " takes the number of channels from the network's input type; set one with setInputType(s)");
        }
    }

    /** The mask of sequences, [N, T], or null. */
    static SDVariable sequenceMask(Scope scope, SDVariable x) {
        return sequenceMask(scope, 0, x);
    }

    /**
     * The mask of one of a vertex's inputs, x, where that is of sequences, [N, T], or null. Of what a larger definition computes
     * the rank is not known: with such a mask it is sequences too.
     */
    static SDVariable sequenceMask(Scope scope, int input, SDVariable x) {
        SDVariable mask = scope.mask(input);
        int rank = Broadcast.rank(x);
        boolean ofSequences = mask != null && (rank == 3 || rank == -1) && Broadcast.rank(mask) == 2;
        return ofSequences ? mask : null;
    }

    /** Number of channels. */
    public long getSize() {
        return size;
    }

    public void setSize(long size) {
        this.size = size;
    }

    /** Whether the channels are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelLayer that
                && super.equals(other)
                && size == that.size
                && channelsLast == that.channelsLast;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), size, channelsLast);
    }
}
