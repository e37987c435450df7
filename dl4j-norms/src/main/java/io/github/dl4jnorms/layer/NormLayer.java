package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.runtime.Activations;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.activations.Activation;

/** What most norm layers have in common: γ and β, ε, and an activation that follows, fused if it is a ReLU. */
public abstract class NormLayer extends ChannelLayer {

    static final String GAMMA = "gamma";
    static final String BETA = "beta";

    private boolean affine = true;
    private double epsilon = 1e-5;
    private double gammaInit = 1;
    private Activation activation = Activation.IDENTITY;

    protected NormLayer() {}

    protected NormLayer(Builder<?> builder) {
        super(builder);
        this.affine = builder.affine;
        this.epsilon = builder.epsilon;
        this.gammaInit = builder.gammaInit;
        this.activation = builder.activation;
    }

    @Override
    public void declare(Parameters parameters) {
        super.declare(parameters);
        if (affine) {
            declareAffine(parameters);
        }
    }

    /** Declares γ and β; called if the norm is affine. */
    void declareAffine(Parameters parameters) {
        parameters.bias(GAMMA, gamma -> gamma.assign(gammaInit), getSize());
        parameters.bias(BETA, beta -> beta.assign(0), getSize());
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... inputs) {
        return define(scope, inputs[0], null, activation);
    }

    /**
     * Normalizes, adds a residual if there is one, and applies an activation.
     *
     * @param residual of x's shape, or null
     */
    SDVariable define(Scope scope, SDVariable x, SDVariable residual, Activation activation) {
        SDVariable gamma = affine ? scope.parameter(GAMMA) : null;
        SDVariable beta = affine && hasBeta() ? scope.parameter(BETA) : null;
        double slope = Activations.slope(activation);
        if (!Double.isNaN(slope)) {
            return normalizeAndAdd(scope, x, gamma, beta, residual, slope);
        }
        return Activations.apply(scope.sameDiff(), activation, normalizeAndAdd(scope, x, gamma, beta, residual, 1));
    }

    /** Whether an affine norm of this kind has a β besides its γ. */
    boolean hasBeta() {
        return true;
    }

    /**
     * Normalizes, followed by a leaky ReLU.
     *
     * @param gamma null if not affine
     * @param beta null if not affine
     * @param slope for negative values: 1 for none, 0 for ReLU
     */
    abstract SDVariable normalize(Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, double slope);

    /**
     * The same with a residual, if there is one, added before the activation. Norms that do it in one pass over memory override
     * this.
     */
    SDVariable normalizeAndAdd(
            Scope scope, SDVariable x, SDVariable gamma, SDVariable beta, SDVariable residual, double slope) {
        return residual == null
                ? normalize(scope, x, gamma, beta, slope)
                : ResidualAdd.add(scope.sameDiff(), normalize(scope, x, gamma, beta, 1), residual, slope);
    }

    public boolean isAffine() {
        return affine;
    }

    public void setAffine(boolean affine) {
        this.affine = affine;
    }

    public double getEpsilon() {
        return epsilon;
    }

    public void setEpsilon(double epsilon) {
        this.epsilon = epsilon;
    }

    public double getGammaInit() {
        return gammaInit;
    }

    public void setGammaInit(double gammaInit) {
        this.gammaInit = gammaInit;
    }

    public Activation getActivation() {
        return activation;
    }

    public void setActivation(Activation activation) {
        this.activation = activation;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormLayer that
                && super.equals(other)
                && affine == that.affine
                && epsilon == that.epsilon
                && gammaInit == that.gammaInit
                && activation == that.activation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), affine, epsilon, gammaInit, activation);
    }

    static double requireEpsilon(double epsilon) {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon: takes a number greater than 0, received " + epsilon);
        }
        return epsilon;
    }

    /** Settings of every norm. */
    public abstract static class Builder<T extends Builder<T>> extends SameDiffLayer.Builder<T> {

        private boolean affine = true;
        private double epsilon;
        private double gammaInit = 1;
        private Activation activation = Activation.IDENTITY;

        Builder(double epsilon) {
            this.epsilon = epsilon;
        }

        /** Whether there are a γ and a β; default true. */
        public T affine(boolean affine) {
            this.affine = affine;
            return self();
        }

        /** What is added to the variance, greater than 0; default 1e-5, for RMSNorm 1e-6. */
        public T epsilon(double epsilon) {
            this.epsilon = requireEpsilon(epsilon);
            return self();
        }

        /** What each γ starts at; default 1. With 0, a residual block starts as the identity. */
        public T gammaInit(double gammaInit) {
            this.gammaInit = gammaInit;
            return self();
        }

        /**
         * What is applied to the normalized values, in the same pass over memory if it is RELU or LEAKYRELU; default
         * identity.
         */
        public T activation(Activation activation) {
            this.activation = Activations.require(activation);
            return self();
        }

        @SuppressWarnings("unchecked")
        final T self() {
            return (T) this;
        }
    }
}
