package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.NormLayer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The norms that a network has, DL4J's BatchNormalization in terms of our BatchNorm. What it does in 1.0.0-M2.1 is what counts: it
 * ignores its activation, for which the network's default stands in, whether there are minibatches, and a locked γ and β unless
 * γ is not 1 and β is not 0.
 */
final class ExistingNorm {

    private ExistingNorm() {}

    /** The norm that a layer is, if it is one, as a layer of ours. */
    static Optional<NormLayer> of(Layer layer) {
        Layer inside = Wrappers.unwrap(layer);
        if (inside instanceof BatchNormalization norm) {
            return Optional.of(batchNorm(norm));
        }
        return inside instanceof NormLayer norm ? Optional.of(norm) : Optional.empty();
    }

    /** The parameters of a layer, whatever it is, with those that ours would have in its place. */
    static Map<String, INDArray> parameters(Layer layer, Map<String, INDArray> table) {
        return Wrappers.unwrap(layer) instanceof BatchNormalization norm ? batchNorm(norm, table) : table;
    }

    private static BatchNorm batchNorm(BatchNormalization norm) {
        BatchNorm ours = new BatchNorm.Builder()
                .decay(norm.getDecay())
                .unbiased(false)
                .epsilon(norm.getEps())
                .affine(!norm.isLockGammaBeta() || locksOtherValues(norm))
                .gammaInit(norm.getGamma())
                .build();
        ours.setLayerName(norm.getLayerName());
        ours.setIDropout(norm.getIDropout());
        ours.setConstraints(norm.getConstraints());
        ours.setSize(norm.getNOut());
        ours.setChannelsLast(norm.getCnn2DFormat() == CNN2DFormat.NHWC);
        ours.setUpdater(norm.getIUpdater());
        ours.setRegularization(List.of());
        ours.setRegularizationBias(List.of());
        ours.setGradientNormalization(norm.getGradientNormalization());
        ours.setGradientNormalizationThreshold(norm.getGradientNormalizationThreshold());
        return ours;
    }

    private static boolean locksOtherValues(BatchNormalization norm) {
        return norm.isLockGammaBeta() && norm.getGamma() != 1 && norm.getBeta() != 0;
    }

    private static Map<String, INDArray> batchNorm(BatchNormalization norm, Map<String, INDArray> table) {
        Map<String, INDArray> ours = new HashMap<>(table);
        INDArray mean = table.get(BatchNormalizationParamInitializer.GLOBAL_MEAN);
        ours.put(
                BatchNorm.VARIANCE,
                norm.isUseLogStd()
                        ? Transforms.pow(
                                filled(mean, 10),
                                table.get(BatchNormalizationParamInitializer.GLOBAL_LOG_STD)
                                        .mul(2))
                        : table.get(BatchNormalizationParamInitializer.GLOBAL_VAR));
        if (locksOtherValues(norm)) {
            ours.put(BatchNormalizationParamInitializer.GAMMA, filled(mean, norm.getGamma()));
            ours.put(BatchNormalizationParamInitializer.BETA, filled(mean, norm.getBeta()));
        }
        return ours;
    }

    private static INDArray filled(INDArray like, double value) {
        return Nd4j.valueArrayOf(like.shape(), value, like.dataType());
    }
}
