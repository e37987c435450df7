package io.github.dl4jnorms.runtime;

import io.github.dl4jnorms.learning.Penalties;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonIgnore;

/**
 * A DL4J layer defined as a SameDiff graph: extend it, {@link #declare} the parameters, {@link #define} the graph. Gradients
 * come from SameDiff and are right; buffers, masks and training mode are there.
 *
 * <p>For JSON a subclass needs a constructor without parameters, and getters and setters of its own fields.
 */
public abstract class DefinedLayer extends SameDiffLayer implements GraphDefinition {

    protected DefinedLayer() {}

    protected DefinedLayer(SameDiffLayer.Builder<?> builder) {
        super(builder);
    }

    /**
     * The parameters as they are declared now. DL4J's own method keeps the first answer, which other settings make a lie, and
     * which, as part of the configuration, makes equal ones have different hash codes.
     */
    @Override
    @JsonIgnore
    public SDLayerParams getLayerParams() {
        SDLayerParams params = new SDLayerParams();
        defineParameters(params);
        return params;
    }

    /** Does nothing: the parameters are what is declared. */
    @Override
    public void setLayerParams(SDLayerParams layerParams) {}

    @Override
    public final void defineParameters(SDLayerParams params) {
        Parameters.of(this).addTo(params);
    }

    @Override
    public final void initializeParameters(Map<String, INDArray> params) {
        Parameters.of(this).initialize(params);
    }

    @Override
    public final SDVariable defineLayer(
            SameDiff sameDiff, SDVariable layerInput, Map<String, SDVariable> paramTable, SDVariable mask) {
        return define(new Scope(sameDiff, true, paramTable, mask), layerInput);
    }

    /** The optimizer leaves buffers alone. */
    @Override
    public IUpdater getUpdaterByParam(String paramName) {
        return Parameters.of(this).isBuffer(paramName) ? new NoOp() : super.getUpdaterByParam(paramName);
    }

    @Override
    public List<Regularization> getRegularizationByParam(String paramName) {
        return switch (Parameters.of(this).kind(paramName)) {
            case WEIGHT -> Penalties.fused(regularization);
            case BIAS -> Penalties.fused(regularizationBias);
            case BUFFER -> null;
        };
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        DefinedLayerRuntime layer = new DefinedLayerRuntime(conf, networkDataType);
        layer.setIndex(layerIndex);
        layer.setListeners(trainingListeners);
        layer.setParamsViewArray(layerParamsView);
        layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
        return layer;
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** The inherited one takes layers of two classes for equal if they have the same settings. */
    @Override
    public boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && super.equals(other);
    }
}
