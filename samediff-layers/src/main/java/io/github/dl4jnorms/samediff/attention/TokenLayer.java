package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A layer of sequences whose output has its input's shape, recurrent {@code [N, D, T]} or {@code [N, T, D]}, of any length. Where
 * a mask {@code [N, T]} has no token, 0 comes out.
 */
public abstract class TokenLayer extends DefinedLayer {

    private long size;
    private boolean channelsLast;

    protected TokenLayer() {}

    protected TokenLayer(SameDiffLayer.Builder<?> builder) {
        super(builder);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (size > 0 && !override) {
            return;
        }
        Sequence sequence = Sequence.of(getClass(), inputType);
        this.size = sequence.size();
        this.channelsLast = sequence.channelsLast();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public void declare(Parameters parameters) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + getClass().getSimpleName()
                    + " takes the size of tokens from the network's input type; set one with setInputType(s)");
        }
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        Sequence layout = new Sequence(size, channelsLast);
        SDVariable mask = scope.mask(0);
        SDVariable tokens = layout.tokens(scope.sameDiff(), inputs[0]);
        return layout.restore(scope.sameDiff(), ofTokens(scope, tokens, mask), mask);
    }

    /** The output for tokens {@code [N, T, D]} and their mask {@code [N, T]}, which may be null. */
    abstract SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask);

    /** Numbers of each token. */
    public long getSize() {
        return size;
    }

    public void setSize(long size) {
        this.size = size;
    }

    /** Whether a token's numbers are the last dimension. */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    public void setChannelsLast(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenLayer that
                && getClass() == that.getClass()
                && super.equals(other)
                && size == that.size
                && channelsLast == that.channelsLast;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof TokenLayer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), size, channelsLast);
    }
}
