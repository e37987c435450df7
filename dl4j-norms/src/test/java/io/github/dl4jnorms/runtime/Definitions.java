package io.github.dl4jnorms.runtime;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small layers and vertices, each with one trait that the runtime has to cope with. */
final class Definitions {

    private Definitions() {}

    /** A layer whose output has its input's type. */
    public abstract static class Same extends DefinedLayer {
        @Override
        public void declare(Parameters parameters) {}

        @Override
        public InputType getOutputType(int layerIndex, InputType inputType) {
            return inputType;
        }
    }

    /** y = x, the very variable. */
    public static class Itself extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0];
        }
    }

    /** y = x as SameDiff's own identity. */
    public static class Identity extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return scope.sameDiff().identity(inputs[0]);
        }
    }

    /** y = x, reshaped to what it is. */
    public static class Reshaped extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return scope.sameDiff().reshape(inputs[0], inputs[0].shape());
        }
    }

    /** y = x, through two reshapes. */
    public static class ReshapedTwice extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SameDiff sd = scope.sameDiff();
            return sd.reshape(sd.reshape(inputs[0], -1), inputs[0].shape());
        }
    }

    /** y = x², seen through a reshape. */
    public static class ReshapedSquare extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SameDiff sd = scope.sameDiff();
            return sd.reshape(sd.math.square(inputs[0]), inputs[0].shape());
        }
    }

    /** y = w x, and a parameter that nothing depends on. */
    public static class Unused extends Same {
        @Override
        public void declare(Parameters parameters) {
            parameters.weight("w", w -> w.assign(1.5), 1, 1).weight("unused", w -> w.assign(2), 3);
        }

        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].mul(scope.parameter("w"));
        }
    }

    /** y = (x² + 1)^w. */
    public static class Power extends Same {
        @Override
        public void declare(Parameters parameters) {
            parameters.weight("w", w -> w.assign(0.8), 1, 1);
        }

        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SameDiff sd = scope.sameDiff();
            return sd.math.pow(sd.math.square(inputs[0]).add(1), scope.parameter("w"));
        }
    }

    /** y = x · mask, the mask [N, T] of a sequence [N, C, T]. */
    public static class Masked extends Same {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SDVariable mask = scope.mask(0);
            return mask == null ? inputs[0] : inputs[0].mul(scope.sameDiff().expandDims(mask, 1));
        }
    }

    /** A buffer that counts training iterations. */
    public static class Counting extends Same {
        @Override
        public void declare(Parameters parameters) {
            parameters.weight("w", w -> w.assign(1), 1, 1).buffer("count", count -> count.assign(0), 1);
        }

        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            scope.update("count", scope.parameter("count").add(1));
            return inputs[0].mul(scope.parameter("w"));
        }
    }

    /** A vertex whose output has its first input's type. */
    public abstract static class Pairwise extends DefinedVertex {
        @Override
        public int inputs() {
            return 2;
        }

        @Override
        public void declare(Parameters parameters) {}

        @Override
        public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
            return vertexInputs[0];
        }
    }

    /** y = a + b: both gradients are the incoming one. */
    public static class Sum extends Pairwise {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].add(inputs[1]);
        }
    }

    /** y = a: the second gradient is zero. */
    public static class First extends Pairwise {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0];
        }
    }

    /** y = factor · w · a · b. */
    public static class Product extends Pairwise {
        private double factor = 1;

        public Product() {}

        public Product(double factor) {
            this.factor = factor;
        }

        @Override
        public void declare(Parameters parameters) {
            parameters.weight("w", w -> w.assign(1), 1, 1);
        }

        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            return inputs[0].mul(inputs[1]).mul(scope.parameter("w")).mul(factor);
        }

        public double getFactor() {
            return factor;
        }

        public void setFactor(double factor) {
            this.factor = factor;
        }
    }

    /** y = a · mask of a + b · mask of b. */
    public static class MaskedSum extends Pairwise {
        @Override
        public SDVariable define(Scope scope, SDVariable... inputs) {
            SDVariable[] masked = new SDVariable[2];
            Arrays.setAll(
                    masked,
                    i -> scope.mask(i) == null
                            ? inputs[i]
                            : inputs[i].mul(scope.sameDiff().expandDims(scope.mask(i), 1)));
            return masked[0].add(masked[1]);
        }
    }

    /** y = w · a · b in DL4J's own runtime. */
    public static class StockProduct extends SameDiffVertex {
        @Override
        public SDVariable defineVertex(
                SameDiff sd,
                Map<String, SDVariable> inputs,
                Map<String, SDVariable> parameters,
                Map<String, SDVariable> masks) {
            return inputs.get("a").mul(inputs.get("b")).mul(parameters.get("w"));
        }

        @Override
        public void defineParametersAndInputs(SDVertexParams parameters) {
            parameters.defineInputs("a", "b");
            parameters.addWeightParam("w", 1, 1);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> parameters) {
            parameters.get("w").assign(Nd4j.scalar(1));
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
            return vertexInputs[0];
        }

        @Override
        public org.deeplearning4j.nn.conf.graph.GraphVertex clone() {
            return new StockProduct();
        }
    }

    /** A setting in DL4J's own lambda vertex. */
    public static class StockFactor extends SameDiffLambdaVertex {
        private double factor = 1;

        @Override
        public SDVariable defineVertex(SameDiff sd, VertexInputs inputs) {
            return inputs.getInput(0).mul(factor);
        }

        public double getFactor() {
            return factor;
        }

        public void setFactor(double factor) {
            this.factor = factor;
        }
    }
}
