package io.github.dl4jnorms.gradcheck;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** y = w x in DL4J's own runtime, which doubles the gradient. */
public class StockScale extends SameDiffLayer {

    @Override
    public SDVariable defineLayer(SameDiff sd, SDVariable x, Map<String, SDVariable> parameters, SDVariable mask) {
        return x.mul(parameters.get("w"));
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
        parameters.addWeightParam("w", 1, 1);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {
        parameters.get("w").assign(1);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }
}
