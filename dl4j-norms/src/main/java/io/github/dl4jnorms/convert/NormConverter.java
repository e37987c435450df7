package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.NormLayer;
import java.util.Map;
import java.util.function.BiPredicate;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Puts another norm in the place of a network's norms, DL4J's {@link BatchNormalization} and the layers of ours, also inside
 * DL4J's wrappers such as FrozenLayer:
 *
 * <pre>{@code
 * NormConverter.to("gn32").convert(configuration)
 * NormConverter.to("gn32").where((name, layer) -> name.startsWith("block")).fitGroups().convert(network)
 * }</pre>
 *
 * The result is new and what was given stays as it was. Names, preprocessors, number of channels, layout, activation, updater
 * and gradient normalization stay; {@code none} leaves the activation alone. A BatchNorm that takes a BatchNorm's place keeps
 * its ε, decay and kind of running variance, unless {@code bn@DECAY} names another decay than the usual 0.9; any other norm has
 * its own defaults.
 *
 * <p>In a network, all other layers keep their parameters bit for bit. A norm takes over whatever the old one had by the same
 * name and size: γ and β, and between BatchNorms mean and variance, so that BatchNormalization converted to {@code bn}
 * evaluates as before. Between norms of different kinds the network has to be trained further. The optimizer starts afresh, as
 * do the counts of iterations and epochs, which its schedules go by.
 *
 * <p>What it does not do: a norm within a larger definition stays; no bias is added to the layers whose norm is gone; in a
 * configuration without its network, β starts at 0 whatever BatchNormalization had in mind.
 *
 * <p>DL4J's own BatchNormalization ignores its activation, and so does what takes its place. A γ and β that it locked at other
 * values than 1 and 0 become trainable.
 */
public final class NormConverter {

    private final NormSpec spec;
    private final BiPredicate<String, NormLayer> selected;
    private final boolean fitGroups;

    private NormConverter(NormSpec spec, BiPredicate<String, NormLayer> selected, boolean fitGroups) {
        this.spec = spec;
        this.selected = selected;
        this.fitGroups = fitGroups;
    }

    /** Converts to the norm of a name, as {@link NormSpec#parse} takes it. */
    public static NormConverter to(String norm) {
        return to(NormSpec.parse(norm));
    }

    /** Converts every norm to this one. */
    public static NormConverter to(NormSpec norm) {
        return new NormConverter(norm, (name, layer) -> true, false);
    }

    /**
     * Converts only some of the norms.
     *
     * @param selected asked with the layer's name, in a MultiLayerNetwork its index if it has none, and the norm, of DL4J's
     *     BatchNormalization the {@link BatchNorm} that does the same
     */
    public NormConverter where(BiPredicate<String, NormLayer> selected) {
        return new NormConverter(spec, this.selected.and(selected), fitGroups);
    }

    /** Where the groups do not divide the channels, takes the largest number of groups below that does, instead of throwing. */
    public NormConverter fitGroups() {
        return new NormConverter(spec, selected, true);
    }

    /** The same configuration with the other norm. */
    public MultiLayerConfiguration convert(MultiLayerConfiguration configuration) {
        return swap(new SequentialEditor(configuration)).configuration();
    }

    /** The same configuration with the other norm. */
    public ComputationGraphConfiguration convert(ComputationGraphConfiguration configuration) {
        return swap(new GraphEditor(configuration)).configuration();
    }

    /** The same network with the other norm. */
    public MultiLayerNetwork convert(MultiLayerNetwork network) {
        return convert(new SequentialEditor(network.getLayerWiseConfigurations()), network);
    }

    /** The same network with the other norm. */
    public ComputationGraph convert(ComputationGraph network) {
        return convert(new GraphEditor(network.getConfiguration()), network);
    }

    private <N extends Model> N convert(LayerEditor<?, N> editor, N network) {
        Map<String, Map<String, INDArray>> parameters = editor.originalParameters(network);
        return swap(editor).network(parameters);
    }

    private <E extends LayerEditor<?, ?>> E swap(E editor) {
        for (String key : editor.keys()) {
            editor.layer(key)
                    .flatMap(ExistingNorm::of)
                    .filter(norm -> selected.test(editor.name(key), norm))
                    .ifPresent(norm -> swap(editor, key, norm));
        }
        return editor;
    }

    private void swap(LayerEditor<?, ?> editor, String key, NormLayer norm) {
        if (spec.isNone()) {
            editor.reduce(key, norm.getActivation());
        } else {
            Layer wrapped = editor.layer(key).orElseThrow();
            editor.replace(key, Wrappers.rewrap(wrapped, successor(norm, editor.name(key))));
        }
    }

    private NormLayer successor(NormLayer norm, String name) {
        NormLayer layer = spec.norm(norm.getActivation(), norm.getGammaInit()).orElseThrow();
        CNN2DFormat layout = norm.isChannelsLast() ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        layer.setNIn(InputType.convolutional(1, 1, norm.getSize(), layout), true);
        layer.setAffine(norm.isAffine());
        layer.setIDropout(norm.getIDropout());
        layer.setConstraints(norm.getConstraints());
        layer.setUpdater(norm.getUpdater());
        layer.setBiasUpdater(norm.getBiasUpdater());
        layer.setRegularization(norm.getRegularization());
        layer.setRegularizationBias(norm.getRegularizationBias());
        layer.setGradientNormalization(norm.getGradientNormalization());
        layer.setGradientNormalizationThreshold(norm.getGradientNormalizationThreshold());
        if (layer instanceof BatchNorm now && norm instanceof BatchNorm before) {
            now.setEpsilon(before.getEpsilon());
            now.setUnbiased(before.isUnbiased());
            if (!spec.statesDecay()) {
                now.setDecay(before.getDecay());
                now.setCumulative(before.isCumulative());
            }
        }
        if (layer instanceof GroupNorm groupNorm) {
            divide(groupNorm, name);
        }
        return layer;
    }

    private void divide(GroupNorm norm, String name) {
        long channels = norm.getSize();
        if (!fitGroups && channels % norm.getGroups() != 0) {
            throw new IllegalArgumentException("groups: takes a divisor of the " + channels + " channels, received "
                    + norm.getGroups() + " (layer " + name + "); fitGroups() takes the largest below");
        }
        while (channels % norm.getGroups() != 0) {
            norm.setGroups(norm.getGroups() - 1);
        }
    }
}
