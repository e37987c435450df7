package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.op.RowNormArgs;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What {@link LayerNorm} and {@link RMSNorm} have in common: what they normalize over. For feed-forward input that is an
 * example's features, for a sequence the channels of each time step, for images and volumes the channels of each pixel, or all
 * of an example, with a γ and a β per element.
 */
public abstract class RowNormLayer extends NormLayer {

    private boolean wholeExample;
    private long[] normalizedShape = {};

    protected RowNormLayer() {}

    protected RowNormLayer(Builder<?> builder) {
        super(builder);
        this.wholeExample = builder.wholeExample;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        boolean spatial = inputType.getType() == InputType.Type.CNN || inputType.getType() == InputType.Type.CNN3D;
        if (wholeExample && !spatial) {
            throw new IllegalArgumentException(
                    "wholeExample: takes convolutional and 3-D convolutional input, received " + inputType);
        }
        super.setNIn(inputType, override);
        if (normalizedShape.length == 0 || override) {
            long[] shape = inputType.getShape(false);
            normalizedShape = wholeExample ? shape : new long[] {getSize()};
        }
    }

    @Override
    void declareAffine(Parameters parameters) {
        parameters.bias(GAMMA, gamma -> gamma.assign(getGammaInit()), normalizedShape);
        if (hasBeta()) {
            parameters.bias(BETA, beta -> beta.assign(0), normalizedShape);
        }
    }

    /** The attributes for normalization over the dimensions from {@code axis} to the last. */
    abstract RowNormArgs args(int axis, SDVariable gamma, SDVariable beta, double slope);

    @Override
    SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope) {
        RowNormArgs args = args(wholeExample ? 1 : -1, gamma, beta, slope);
        boolean overChannels = !wholeExample && !isChannelsLast();
        return SDNorms.rowNorm(scope.sameDiff(), x, gamma, beta, overChannels ? args.overChannels() : args);
    }

    public boolean isWholeExample() {
        return wholeExample;
    }

    public void setWholeExample(boolean wholeExample) {
        this.wholeExample = wholeExample;
    }

    /** The shape that is normalized over, which γ and β have. */
    public long[] getNormalizedShape() {
        return normalizedShape;
    }

    public void setNormalizedShape(long[] normalizedShape) {
        this.normalizedShape = normalizedShape;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowNormLayer that
                && super.equals(other)
                && wholeExample == that.wholeExample
                && Arrays.equals(normalizedShape, that.normalizedShape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), wholeExample, Arrays.hashCode(normalizedShape));
    }

    /** Settings of a row norm. */
    public abstract static class Builder<T extends Builder<T>> extends NormLayer.Builder<T> {

        private boolean wholeExample;

        Builder(double epsilon) {
            super(epsilon);
        }

        /**
         * For images and volumes, whether all of an example is normalized together, PyTorch's {@code LayerNorm([C, H, W])},
         * which fixes the image size; default false: the channels of each pixel, as in ConvNeXt.
         */
        public T wholeExample(boolean wholeExample) {
            this.wholeExample = wholeExample;
            return self();
        }
    }
}
