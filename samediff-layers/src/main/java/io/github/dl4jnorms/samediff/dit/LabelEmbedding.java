package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Linear;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A learned vector per class, and one for no class, the last: what classifier-free guidance (Ho and Salimans,
 * <a href="https://arxiv.org/abs/2207.12598">2022</a>) trains with in place of some labels, and samples with beside them. Which
 * labels are dropped is up to whoever feeds the network.
 *
 * <p>Input: {@code [N, 1]}, each example's class, 0 to {@code classes − 1}, or {@code classes} for none; output:
 * {@code [N, D]}. Parameter: {@code table [classes + 1, D]}, which starts by a normal distribution of standard deviation 0.02.
 *
 * <p>{@code new LabelEmbedding.Builder().classes(10).nOut(384).build()}.
 */
public class LabelEmbedding extends DefinedLayer {

    private static final String TABLE = "table";

    private int classes;
    private long nOut;

    /** For JSON. */
    public LabelEmbedding() {}

    private LabelEmbedding(Builder builder) {
        super(builder);
        this.classes = builder.classes;
        this.nOut = builder.nOut;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (!(inputType instanceof InputType.InputTypeFeedForward ff) || ff.getSize() != 1) {
            throw new IllegalArgumentException(
                    "inputType: LabelEmbedding takes feed-forward input of size 1, received " + inputType);
        }
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(nOut);
    }

    @Override
    public void declare(Parameters parameters) {
        parameters.weight(TABLE, Linear::small, classes + 1, nOut);
    }

    /** A class has no gradient. */
    @Override
    public boolean differentiatesInputs() {
        return false;
    }

    @Override
    public void check(boolean training, INDArray... inputs) {
        INDArray labels = inputs[0];
        if (labels.rank() != 2 || labels.size(1) != 1) {
            throw new IllegalArgumentException(
                    "label: takes [N, 1], received shape " + Arrays.toString(labels.shape()));
        }
        for (long n = 0; n < labels.size(0); n++) {
            double label = labels.getDouble(n, 0);
            if (label != Math.rint(label) || label < 0 || label > classes) {
                throw new IllegalArgumentException("label: takes a class from 0 to " + (classes - 1) + ", or " + classes
                        + " for none, received " + label);
            }
        }
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable table = scope.parameter(TABLE);
        SDVariable indices = sd.reshape(inputs[0], -1).castTo(DataType.INT32);
        SDVariable rows = sd.oneHot(indices, classes + 1, -1, 1, 0, table.dataType());
        return sd.mmul(rows, table);
    }

    public int getClasses() {
        return classes;
    }

    public void setClasses(int classes) {
        this.classes = classes;
    }

    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelEmbedding that
                && super.equals(other)
                && classes == that.classes
                && nOut == that.nOut;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), classes, nOut);
    }

    /** Settings of a {@link LabelEmbedding}. */
    @SuppressWarnings("unchecked") // DL4J's build() has a return type of the caller's choice
    public static class Builder extends SameDiffLayer.Builder<Builder> {

        private int classes;
        private int nOut;

        /** Number of classes, without the one for none; has no default. */
        public Builder classes(int classes) {
            this.classes = Settings.positive("classes", classes);
            return this;
        }

        /** Size of the embedding; has no default. */
        public Builder nOut(int nOut) {
            this.nOut = Settings.positive("nOut", nOut);
            return this;
        }

        @Override
        public LabelEmbedding build() {
            Settings.positive("classes", classes);
            Settings.positive("nOut", nOut);
            return new LabelEmbedding(this);
        }
    }
}
