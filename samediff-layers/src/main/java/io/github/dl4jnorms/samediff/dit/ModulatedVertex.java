package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.attention.Linear;
import io.github.dl4jnorms.samediff.attention.Sequence;
import io.github.dl4jnorms.samediff.attention.TokenNorm;
import io.github.dl4jnorms.samediff.attention.TokenOps;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What the parts of a diffusion transformer that the condition {@code [N, K]} modulates have in common: vectors of the tokens'
 * size, of each example, by a linear map of the condition, {@code modulation}. Unless the {@link Conditioning} modulates, the
 * vertex has one input, and its norms a γ and a β of their own.
 */
public abstract class ModulatedVertex extends DefinedVertex {

    /** Name of the weight {@code [K, vectors · D]} that the modulation is computed by. */
    public static final String MODULATION_WEIGHT = "modulationW";

    /** Name of its bias. */
    public static final String MODULATION_BIAS = "modulationb";

    private static final String MODULATION = "modulation";

    private Conditioning conditioning = Conditioning.ADALN_ZERO;
    private boolean silu = true;
    private String norm = "ln";
    private double epsilon = 1e-6;
    private long size;
    private boolean channelsLast;
    private long conditionSize;

    protected ModulatedVertex() {}

    protected ModulatedVertex(Builder<?> builder) {
        this.conditioning = builder.conditioning;
        this.silu = builder.silu;
        this.norm = builder.norm.toString();
        this.epsilon = builder.epsilon;
    }

    /** How many vectors the condition gives. */
    abstract int vectors();

    /** The output for tokens {@code [N, T, D]}, their mask {@code [N, T]} and the modulation's vectors; the last two may be null. */
    abstract SDVariable ofTokens(Scope scope, SDVariable tokens, SDVariable mask, SDVariable[] modulation);

    /** The size of the output's tokens. */
    abstract long outputSize();

    @Override
    public int inputs() {
        return conditioning.modulates() ? 2 : 1;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        if (vertexInputs.length != inputs()) {
            throw new IllegalArgumentException("inputs: " + getClass().getSimpleName() + " with conditioning "
                    + conditioning + " takes " + (inputs() == 2 ? "x and the condition" : "x") + ", received "
                    + vertexInputs.length);
        }
        Sequence sequence = Sequence.of(getClass(), vertexInputs[0]);
        this.size = sequence.size();
        this.channelsLast = sequence.channelsLast();
        if (conditioning.modulates()) {
            if (!(vertexInputs[1] instanceof InputType.InputTypeFeedForward ff)) {
                throw new IllegalArgumentException("condition: " + getClass().getSimpleName()
                        + " takes feed-forward input, received " + vertexInputs[1]);
            }
            this.conditionSize = ff.getSize();
        }
        InputType.InputTypeRecurrent rnn = (InputType.InputTypeRecurrent) vertexInputs[0];
        return InputType.recurrent(outputSize(), rnn.getTimeSeriesLength(), rnn.getFormat());
    }

    @Override
    public void declare(Parameters parameters) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + getClass().getSimpleName()
                    + " takes the size of tokens from the network's input types; set them with setInputTypes");
        }
        if (conditioning.modulates()) {
            modulation().declare(parameters, initializer());
        }
    }

    private Consumer<INDArray> initializer() {
        return conditioning == Conditioning.ADALN_ZERO
                ? Linear::zero
                : w -> new WeightInitXavierUniform().init(conditionSize, vectors() * size, w.shape(), 'c', w);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable mask = scope.mask(0);
        SDVariable tokens = new Sequence(size, channelsLast).tokens(sd, inputs[0]);
        SDVariable[] modulation = conditioning.modulates() ? modulation(scope, inputs[1]) : null;
        SDVariable y = ofTokens(scope, tokens, mask, modulation);
        return new Sequence(outputSize(), channelsLast).restore(sd, y, mask);
    }

    private SDVariable[] modulation(Scope scope, SDVariable condition) {
        SameDiff sd = scope.sameDiff();
        SDVariable all = modulation().ofRows(scope, silu ? sd.nn.swish(condition) : condition);
        return sd.split(all, vectors(), 1);
    }

    private Linear modulation() {
        return new Linear(MODULATION, conditionSize, vectors() * size);
    }

    /**
     * The vectors, {@code [N, D]} each, that conditions {@code [N, K]} give, as this vertex computes them.
     *
     * @param parameters of the vertex in a network, by name
     */
    public INDArray[] modulation(INDArray condition, Map<String, INDArray> parameters) {
        if (!conditioning.modulates()) {
            throw new IllegalArgumentException("conditioning: takes one that modulates, received " + conditioning);
        }
        INDArray active = silu ? Transforms.sigmoid(condition, true).muli(condition) : condition;
        INDArray all = active.mmul(parameters.get(MODULATION_WEIGHT)).addiRowVector(parameters.get(MODULATION_BIAS));
        INDArray[] vectors = new INDArray[vectors()];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = all.get(NDArrayIndex.all(), NDArrayIndex.interval(i * size, (i + 1) * size));
        }
        return vectors;
    }

    /** A norm of the tokens, with the condition's shift and scale where there are any. */
    final SDVariable normalize(Scope scope, String name, SDVariable x, SDVariable shift, SDVariable scale) {
        boolean rms = norm.equals("rms");
        if (shift != null && (rms || norm.equals("ln"))) {
            return TokenOps.modulatedNorm(scope.sameDiff(), x, shift, scale, rms, epsilon);
        }
        SDVariable y = tokenNorm(name).define(scope, x);
        return shift == null ? y : TokenOps.modulate(scope.sameDiff(), y, shift, scale);
    }

    final TokenNorm tokenNorm(String name) {
        return new TokenNorm(name, NormSpec.parse(norm), size, !conditioning.modulates(), epsilon);
    }

    public Conditioning getConditioning() {
        return conditioning;
    }

    public void setConditioning(Conditioning conditioning) {
        this.conditioning = conditioning;
    }

    public boolean isSilu() {
        return silu;
    }

    public void setSilu(boolean silu) {
        this.silu = silu;
    }

    public String getNorm() {
        return norm;
    }

    public void setNorm(String norm) {
        this.norm = norm;
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

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

    /** Number of features of the condition. */
    public long getConditionSize() {
        return conditionSize;
    }

    public void setConditionSize(long conditionSize) {
        this.conditionSize = conditionSize;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModulatedVertex that
                && super.equals(other)
                && conditioning == that.conditioning
                && silu == that.silu
                && norm.equals(that.norm)
                && epsilon == that.epsilon
                && size == that.size
                && channelsLast == that.channelsLast
                && conditionSize == that.conditionSize;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), conditioning, silu, norm, epsilon, size, channelsLast, conditionSize);
    }

    /** Settings of a modulated vertex. */
    public abstract static class Builder<T extends Builder<T>> {

        private Conditioning conditioning = Conditioning.ADALN_ZERO;
        private boolean silu = true;
        private NormSpec norm = NormSpec.parse("ln");
        private double epsilon = 1e-6;

        Builder() {}

        /** How it learns of the condition; default ADALN_ZERO. IN_CONTEXT and NONE leave the second input away. */
        public T conditioning(Conditioning conditioning) {
            this.conditioning = Objects.requireNonNull(conditioning, "conditioning");
            return self();
        }

        /** Whether SiLU is applied to the condition before its projection; default true, as in DiT. */
        public T silu(boolean silu) {
            this.silu = silu;
            return self();
        }

        /** The norm, by a name that {@link NormSpec} knows; default {@code ln}. */
        public T norm(String norm) {
            return norm(NormSpec.parse(norm));
        }

        /** The norm; default LayerNorm. */
        public T norm(NormSpec norm) {
            this.norm = Objects.requireNonNull(norm, "norm");
            return self();
        }

        /** What is added to the variance, greater than 0; default 1e-6, DiT's. */
        public T epsilon(double epsilon) {
            this.epsilon = Settings.positive("epsilon", epsilon);
            return self();
        }

        @SuppressWarnings("unchecked")
        final T self() {
            return (T) this;
        }
    }
}
