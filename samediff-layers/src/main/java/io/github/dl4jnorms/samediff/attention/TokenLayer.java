package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.layer.ChannelLayer;
import io.github.dl4jnorms.runtime.Scope;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A layer of sequences whose output has its input's shape, recurrent {@code [N, D, T]} or {@code [N, T, D]}, of any length: the
 * D channels are the numbers of each token. Where a mask {@code [N, T]} has no token, 0 comes out.
 */
public abstract class TokenLayer extends ChannelLayer {

    protected TokenLayer() {}

    protected TokenLayer(SameDiffLayer.Builder<?> builder) {
        super(builder);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        Sequence.of(getClass(), inputType); // refuses what is no sequence
        super.setNIn(inputType, override);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        Sequence layout = new Sequence(getSize(), isChannelsLast());
        SDVariable mask = scope.mask(0);
        SDVariable tokens = layout.tokens(scope.sameDiff(), inputs[0]);
        return layout.restore(scope.sameDiff(), ofTokens(scope, tokens, mask), mask);
    }

    /** The output for tokens {@code [N, T, D]} and their mask {@code [N, T]}, which may be null. */
    abstract SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask);
}
