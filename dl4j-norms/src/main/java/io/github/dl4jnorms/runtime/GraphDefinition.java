package io.github.dl4jnorms.runtime;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A computation with parameters and buffers, defined as a SameDiff graph. */
public interface GraphDefinition {

    /** Names the parameters and buffers, with their shapes and how they start. By default there are none. */
    default void declare(Parameters parameters) {}

    /**
     * Builds the graph. Called once for each combination of training mode, input ranks and present masks; batch size and
     * spatial sizes are unknown (−1) and may change from call to call, so take them from {@code x.shape()} in the graph.
     *
     * @param scope gives parameters, buffers, masks and the mode
     * @param inputs the inputs, in order
     * @return the output
     */
    SDVariable define(Scope scope, SDVariable... inputs);

    /**
     * Whether the backward pass computes the gradients with respect to the inputs; default true. Without them it hands on
     * null.
     */
    default boolean differentiatesInputs() {
        return true;
    }

    /**
     * Called before each forward pass; throws an {@link IllegalArgumentException} for inputs that the graph would compute
     * nonsense from. By default nothing is checked.
     */
    default void check(boolean training, INDArray... inputs) {}
}
