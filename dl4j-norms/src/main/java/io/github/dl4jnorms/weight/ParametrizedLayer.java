package io.github.dl4jnorms.weight;

import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What layers of one weight have in common: a linear function of the input, given by a weight "W" with its
 * {@link Parametrization}, a bias "b" per output, and an activation.
 */
public abstract class ParametrizedLayer extends DefinedLayer {

    protected static final String WEIGHT = "W";
    protected static final String BIAS = "b";

    private long nIn;
    private long nOut;
    private boolean bias = true;
    private double biasInit;
    private IWeightInit initializer = new WeightInitRelu();
    private Activation activation = Activation.IDENTITY;
    private Parametrization parametrization = Parametrization.none();

    protected ParametrizedLayer() {}

    protected ParametrizedLayer(Builder<?> builder) {
        super(builder);
        this.nOut = builder.nOut;
        this.bias = builder.bias;
        this.biasInit = builder.biasInit;
        this.initializer = builder.initializer;
        this.activation = builder.activation;
        this.parametrization = builder.parametrization;
    }

    /** The weight's shape. */
    protected abstract long[] weightShape();

    /** The dimension of the weight that is the outputs'. */
    protected int outputDimension() {
        return 0;
    }

    /** The dimension of the output, an array of this rank, that is the channels'. */
    protected abstract int channelDimension(int rank);

    /** Builds the linear function; {@code bias} is null for a layer without. */
    protected abstract SDVariable linear(SameDiff sd, SDVariable x, SDVariable weight, SDVariable bias);

    @Override
    public void declare(Parameters parameters) {
        if (nIn < 1) {
            throw new IllegalArgumentException("nIn: " + getClass().getSimpleName()
                    + " takes the input's channels from the network's input type; set one with setInputType(s)");
        }
        parametrization.declare(parameters, weight());
        if (bias) {
            parameters.bias(BIAS, b -> b.assign(biasInit), nOut);
        }
    }

    private Weight weight() {
        return new Weight(WEIGHT, weightShape(), outputDimension(), this::initialize);
    }

    private void initialize(INDArray weight) {
        double positions = (double) weight.length() / (nIn * nOut);
        initializer.init(nIn * positions, nOut * positions, weight.shape(), 'c', weight);
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        SameDiff sd = scope.sameDiff();
        SDVariable weight = parametrization.effective(scope, weight());
        SDVariable y = linear(sd, inputs[0], weight, bias ? scope.parameter(BIAS) : null);
        return Activations.apply(sd, activation, y);
    }

    public long getNIn() {
        return nIn;
    }

    public void setNIn(long nIn) {
        this.nIn = nIn;
    }

    public long getNOut() {
        return nOut;
    }

    public void setNOut(long nOut) {
        this.nOut = nOut;
    }

    public boolean isBias() {
        return bias;
    }

    public void setBias(boolean bias) {
        this.bias = bias;
    }

    public double getBiasInit() {
        return biasInit;
    }

    public void setBiasInit(double biasInit) {
        this.biasInit = biasInit;
    }

    public IWeightInit getInitializer() {
        return initializer;
    }

    public void setInitializer(IWeightInit initializer) {
        this.initializer = initializer;
    }

    public Activation getActivation() {
        return activation;
    }

    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    public Parametrization getParametrization() {
        return parametrization;
    }

    public void setParametrization(Parametrization parametrization) {
        this.parametrization = parametrization;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParametrizedLayer that
                && super.equals(other)
                && nIn == that.nIn
                && nOut == that.nOut
                && bias == that.bias
                && biasInit == that.biasInit
                && initializer.equals(that.initializer)
                && activation == that.activation
                && parametrization.equals(that.parametrization);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), nIn, nOut, bias, biasInit, activation, parametrization);
    }

    /** Settings of every layer of one weight. */
    public abstract static class Builder<T extends Builder<T>> extends SameDiffLayer.Builder<T> {

        private long nOut;
        private boolean bias = true;
        private double biasInit;
        private IWeightInit initializer = new WeightInitRelu();
        private Activation activation = Activation.IDENTITY;
        private Parametrization parametrization = Parametrization.none();

        /** Number of output channels; has no default. */
        public T nOut(long nOut) {
            this.nOut = nOut;
            return self();
        }

        /** Whether there is a bias per output channel; default true. */
        public T bias(boolean bias) {
            this.bias = bias;
            return self();
        }

        /** What each bias starts at; default 0. */
        public T biasInit(double biasInit) {
            this.biasInit = biasInit;
            return self();
        }

        /** How the weight starts; default He's normal initialization for ReLU. */
        public T initializer(IWeightInit initializer) {
            this.initializer = Objects.requireNonNull(initializer, "initializer");
            return self();
        }

        /** What is applied to the result; default identity. */
        public T activation(Activation activation) {
            this.activation = Activations.require(activation);
            return self();
        }

        /** How the weight is computed from parameters; default {@link Parametrization#none}. */
        public T parametrization(Parametrization parametrization) {
            this.parametrization = Objects.requireNonNull(parametrization, "parametrization");
            return self();
        }

        /** Throws unless the required settings are there. */
        protected void check() {
            if (nOut < 1) {
                throw new IllegalArgumentException("nOut: takes a number greater than 0, received " + nOut);
            }
        }

        @SuppressWarnings("unchecked")
        protected final T self() {
            return (T) this;
        }
    }
}
