package io.github.dl4jnorms.runtime;

import io.github.dl4jnorms.learning.Penalties;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonIgnore;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A DL4J graph vertex defined as a SameDiff graph: {@link DefinedLayer} with several inputs. The first input's mask is passed
 * on.
 */
public abstract class DefinedVertex extends SameDiffVertex implements GraphDefinition {

    /** How many inputs the vertex takes. */
    public abstract int inputs();

    @Override
    public abstract InputType getOutputType(int layerIndex, InputType... vertexInputs);

    @Override
    public int minVertexInputs() {
        return inputs();
    }

    @Override
    public int maxVertexInputs() {
        return inputs();
    }

    /** The inputs and the parameters as they are declared now: see {@link DefinedLayer#getLayerParams}. */
    @Override
    @JsonIgnore
    public SDVertexParams getVertexParams() {
        SDVertexParams params = new SDVertexParams();
        defineParametersAndInputs(params);
        return params;
    }

    /** Does nothing: the parameters are what is declared. */
    @Override
    public void setVertexParams(SDVertexParams vertexParams) {}

    @Override
    public final void defineParametersAndInputs(SDVertexParams params) {
        String[] names = new String[inputs()];
        for (int i = 0; i < names.length; i++) {
            names[i] = CompiledGraph.input(i);
        }
        params.defineInputs(names);
        Parameters.of(this).addTo(params);
    }

    @Override
    public final void initializeParameters(Map<String, INDArray> params) {
        Parameters.of(this).initialize(params);
    }

    @Override
    public final SDVariable defineVertex(
            SameDiff sameDiff,
            Map<String, SDVariable> layerInput,
            Map<String, SDVariable> paramTable,
            Map<String, SDVariable> maskVars) {
        SDVariable[] masks = maskVars.values().toArray(new SDVariable[0]);
        return define(
                new Scope(sameDiff, true, paramTable, masks),
                layerInput.values().toArray(new SDVariable[0]));
    }

    /** The optimizer leaves buffers alone. */
    @Override
    public IUpdater getUpdaterByParam(String paramName) {
        return Parameters.of(this).isBuffer(paramName) ? new NoOp() : super.getUpdaterByParam(paramName);
    }

    @Override
    public List<Regularization> getRegularizationByParam(String paramName) {
        return Parameters.of(this).isBuffer(paramName)
                ? null
                : Penalties.fused(super.getRegularizationByParam(paramName));
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray[] maskArrays, MaskState currentMaskState, int minibatchSize) {
        return new Pair<>(maskArrays == null ? null : maskArrays[0], currentMaskState);
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        return null;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int idx,
            INDArray paramsView,
            boolean initializeParams,
            DataType networkDatatype) {
        setName(name);
        return new DefinedVertexRuntime(this, graph, name, idx, paramsView, initializeParams, networkDatatype);
    }

    /** The inherited one differs from call to call: it takes in the identity of arrays. */
    @Override
    public int hashCode() {
        return Objects.hash(getClass(), getName());
    }

    /** The inherited one compares the parameters too, which cannot be declared before the input types are known. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DefinedVertex that
                && getClass() == that.getClass()
                && Objects.equals(getName(), that.getName())
                && Objects.equals(regularization, that.regularization)
                && Objects.equals(regularizationBias, that.regularizationBias)
                && Objects.equals(updater, that.updater)
                && Objects.equals(biasUpdater, that.biasUpdater)
                && gradientNormalization == that.gradientNormalization
                && Double.compare(gradientNormalizationThreshold, that.gradientNormalizationThreshold) == 0
                && dataType == that.dataType;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(name=" + getName() + ")";
    }

    /** A copy with every setting. DL4J's own, that of its lambda vertex, has none of them. */
    @Override
    public GraphVertex clone() {
        try {
            ObjectMapper json = JsonMappers.getMapper();
            return json.readValue(json.writeValueAsString(this), GraphVertex.class);
        } catch (IOException e) {
            throw new IllegalStateException(
                    getClass().getName()
                            + " cannot be copied through JSON: does it have a constructor without parameters,"
                            + " and a getter and a setter for each field?",
                    e);
        }
    }
}
