package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.BatchNorm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Makes the BatchNorms of a trained network, DL4J's and ours, part of the convolution or dense layer before each, for a network
 * that evaluates the same and faster. With {@code s = γ / √(variance + ε)} per output channel,
 *
 * <pre>γ · (W x + b − mean) / √(variance + ε) + β  =  (s W) x + s (b − mean) + β</pre>
 *
 * A bias appears where there was none; the norm's activation stays, as an ActivationLayer of the norm's name. A norm is folded
 * if its input is the output of one {@link Foldable} layer without activation, of which it is the only consumer. Foldable are
 * DL4J's DenseLayer, ConvolutionLayer, Convolution3D and SeparableConvolution2D, and whatever implements
 * {@link Foldable}.
 *
 * <p>The result is a new network, and the given one stays as it was. To train it further is to train without those norms.
 */
public final class NormFolder {

    private NormFolder() {}

    /**
     * What came of it.
     *
     * @param network the new network
     * @param folded names of the norms that are part of another layer now
     * @param left names of the BatchNorms that are still there, each with the reason
     */
    public record Folded<N>(N network, List<String> folded, Map<String, String> left) {}

    /** Folds what can be folded. */
    public static Folded<MultiLayerNetwork> fold(MultiLayerNetwork network) {
        return fold(new SequentialEditor(network.getLayerWiseConfigurations()), network);
    }

    /** Folds what can be folded. */
    public static Folded<ComputationGraph> fold(ComputationGraph network) {
        return fold(new GraphEditor(network.getConfiguration()), network);
    }

    private record Fold(String norm, String name, BatchNorm layer, String source, Foldable target) {}

    private static <N extends Model> Folded<N> fold(LayerEditor<?, N> editor, N network) {
        Map<String, Map<String, INDArray>> before = editor.originalParameters(network);
        List<Fold> folds = new ArrayList<>();
        Map<String, String> left = new LinkedHashMap<>();
        for (String key : editor.keys()) {
            if (editor.layer(key).flatMap(ExistingNorm::of).orElse(null) instanceof BatchNorm norm) {
                plan(editor, key, norm, left).ifPresent(fold -> {
                    Layer source = editor.layer(fold.source()).orElseThrow();
                    editor.replace(
                            fold.source(), Wrappers.rewrap(source, fold.target().withBias()));
                    editor.reduce(key, norm.getActivation());
                    folds.add(fold);
                });
            }
        }
        List<String> folded = folds.stream().map(Fold::name).toList();
        N result = editor.network(before);
        Map<String, Map<String, INDArray>> after = editor.parameters(result);
        folds.forEach(fold -> clearNewBias(fold, before, after));
        folds.forEach(fold -> apply(fold, before.get(fold.norm()), after.get(fold.source())));
        return new Folded<>(result, folded, left);
    }

    private static Optional<Fold> plan(LayerEditor<?, ?> editor, String key, BatchNorm norm, Map<String, String> left) {
        Optional<String> source = editor.onlySource(key);
        if (source.isEmpty()) {
            left.put(editor.name(key), "its input is not one layer's alone");
            return Optional.empty();
        }
        String name = editor.name(source.get());
        Optional<Layer> layer = editor.layer(source.get()).map(Wrappers::unwrap);
        Optional<Foldable> target = layer.flatMap(Dl4jFoldable::of);
        if (target.isEmpty()) {
            String kind = layer.map(l -> l.getClass().getSimpleName()).orElse("a vertex");
            left.put(editor.name(key), name + " before it, " + kind + ", is not foldable");
        } else if (!target.get().isLinear()) {
            left.put(editor.name(key), name + " before it has an activation of its own");
        } else {
            return Optional.of(new Fold(key, editor.name(key), norm, source.get(), target.get()));
        }
        return Optional.empty();
    }

    private static void clearNewBias(
            Fold fold, Map<String, Map<String, INDArray>> before, Map<String, Map<String, INDArray>> after) {
        String bias = fold.target().biasName();
        if (!before.get(fold.source()).containsKey(bias)) {
            after.get(fold.source()).get(bias).assign(0);
        }
    }

    private static void apply(Fold fold, Map<String, INDArray> norm, Map<String, INDArray> target) {
        INDArray mean = vector(norm.get(BatchNorm.MEAN));
        INDArray deviation = Transforms.sqrt(
                vector(norm.get(BatchNorm.VARIANCE)).add(fold.layer().getEpsilon()));
        INDArray scale = deviation.rdiv(1);
        INDArray shift = mean.mul(scale).negi();
        if (fold.layer().isAffine()) {
            INDArray gamma = vector(norm.get("gamma"));
            scale.muli(gamma);
            shift.muli(gamma).addi(vector(norm.get("beta")));
        }
        INDArray weights = target.get(fold.target().weightName());
        weights.assign(
                weights.castTo(DataType.DOUBLE).mul(scale.reshape(fold.target().channelShape())));
        INDArray bias = target.get(fold.target().biasName());
        bias.assign(vector(bias).mul(scale).addi(shift).reshape(bias.shape()));
    }

    private static INDArray vector(INDArray values) {
        return values.castTo(DataType.DOUBLE).reshape(values.length());
    }
}
