package io.github.dl4jnorms.gradcheck;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** y = w a b in DL4J's own runtime, which doubles the gradient. */
public class StockProduct extends SameDiffVertex {

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
    public GraphVertex clone() {
        return new StockProduct();
    }
}
