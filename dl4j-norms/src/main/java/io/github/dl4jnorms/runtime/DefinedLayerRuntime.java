package io.github.dl4jnorms.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link DefinedLayer} in a network. DL4J's own class keeps the parameters; everything that computes is ours. */
final class DefinedLayerRuntime extends SameDiffLayer {

    private final transient DefinedLayer layer;
    private transient GraphRunner runner;

    DefinedLayerRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.layer = (DefinedLayer) conf.getLayer();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        layer.validateInput(input);
        applyDropOutIfNecessary(training, workspaceMgr);
        return runner().forward(new INDArray[] {input}, new INDArray[] {maskArray}, training, workspaceMgr);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        Map<String, INDArray> views = gradTable == null ? Map.of() : gradTable;
        INDArray[] gradients =
                runner().backward(new INDArray[] {input}, new INDArray[] {maskArray}, epsilon, views, workspaceMgr);
        Gradient gradient = new DefaultGradient();
        views.forEach((name, view) -> gradient.setGradientFor(name, view));
        return new Pair<>(gradient, gradients[0] == null ? null : backpropDropOutIfPresent(gradients[0]));
    }

    /** The inherited method checks the shape and then does nothing. */
    @Override
    public void setParam(String key, INDArray value) {
        super.setParam(key, value);
        paramTable.get(key).assign(value);
    }

    @Override
    public void setParamTable(Map<String, INDArray> paramTable) {
        super.setParamTable(paramTable == null ? new LinkedHashMap<>() : paramTable);
    }

    @Override
    public void clear() {
        super.clear();
        if (runner != null) {
            runner.clear();
        }
    }

    private GraphRunner runner() {
        if (runner == null) {
            runner = new GraphRunner(layer, paramTable, dataType);
        }
        return runner;
    }
}
