package io.github.dl4jnorms.samediff.attention;

import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.function.Consumer;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A linear map as a part of a definition, {@code y = x W + b}, with the parameters {@code nameW [in, out]} and
 * {@code nameb [out]}.
 */
public record Linear(String name, long in, long out) {

    /** Declares W, which starts by Xavier's uniform distribution, and b, which starts at 0. */
    public void declare(Parameters parameters) {
        declare(parameters, w -> new WeightInitXavierUniform().init(in, out, w.shape(), 'c', w));
    }

    /** Declares W, to be filled in place, and b, which starts at 0. */
    public void declare(Parameters parameters, Consumer<INDArray> initializer) {
        parameters.weight(name + "W", initializer, in, out);
        parameters.bias(name + "b", b -> b.assign(0), out);
    }

    /** Fills with 0: what is computed from it starts as nothing. */
    public static void zero(INDArray weight) {
        weight.assign(0);
    }

    /** Fills from a normal distribution of standard deviation 0.02, as DiT's embeddings start. */
    public static void small(INDArray weight) {
        weight.assign(Nd4j.randn(weight.dataType(), weight.shape()).muli(0.02));
    }

    /** Of tokens {@code [N, T, in]}. */
    public SDVariable ofTokens(Scope scope, SDVariable x) {
        return TokenOps.linear(scope.sameDiff(), x, scope.parameter(name + "W"), scope.parameter(name + "b"));
    }

    /** Of a matrix {@code [N, in]}. */
    public SDVariable ofRows(Scope scope, SDVariable x) {
        return scope.sameDiff().mmul(x, scope.parameter(name + "W")).add(scope.parameter(name + "b"));
    }
}
