package io.github.dl4jnorms.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.samediff.SameDiffGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link DefinedVertex} in a network. DL4J's own class keeps the parameters; everything that computes is ours. */
@SuppressWarnings("overrides") // DL4J's own: varargs in an interface, an array in its implementation
final class DefinedVertexRuntime extends SameDiffGraphVertex {

    private final transient DefinedVertex vertex;
    private final transient GraphRunner runner;

    DefinedVertexRuntime(
            DefinedVertex vertex,
            ComputationGraph graph,
            String name,
            int vertexIndex,
            INDArray paramsView,
            boolean initParams,
            DataType dataType) {
        super(vertex, graph, name, vertexIndex, paramsView, initParams, dataType);
        this.vertex = vertex;
        this.runner = new GraphRunner(vertex, paramTable, dataType);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceMgr) {
        vertex.validateInput(inputs);
        return runner.forward(inputs, masks(), training, workspaceMgr);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceMgr) {
        Map<String, INDArray> views = gradTable == null ? Map.of() : gradTable;
        INDArray[] gradients = runner.backward(inputs, masks(), epsilon, views, workspaceMgr);
        Gradient gradient = new DefaultGradient();
        views.forEach((name, view) -> gradient.setGradientFor(name, view));
        return new Pair<>(gradient, gradients);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray[] masks, MaskState currentMaskState, int minibatchSize) {
        this.maskArrays = masks;
        return vertex.feedForwardMaskArrays(masks, currentMaskState, minibatchSize);
    }

    /** The inherited method forgets the view, so that gradient clipping passes the vertex over. */
    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        super.setBackpropGradientsViewArray(view);
        this.gradients = view;
        if (gradTable == null) {
            gradTable = new LinkedHashMap<>();
        }
    }

    @Override
    public void clear() {
        super.clear();
        maskArrays = null;
        if (runner != null) {
            runner.clear();
        }
    }

    @Override
    public String toString() {
        return vertex.getClass().getSimpleName() + "(name=" + getVertexName() + ")";
    }

    private INDArray[] masks() {
        return maskArrays == null ? new INDArray[inputs.length] : maskArrays;
    }
}
