package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.gradcheck.GradientChecks;
import io.github.dl4jnorms.gradcheck.Layout;
import io.github.dl4jnorms.layer.AdaGate;
import io.github.dl4jnorms.layer.AdaIN;
import io.github.dl4jnorms.layer.AdaLayerNorm;
import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.BatchRenorm;
import io.github.dl4jnorms.layer.ConditionalBatchNorm;
import io.github.dl4jnorms.layer.ConditionalVertex;
import io.github.dl4jnorms.layer.DynamicTanh;
import io.github.dl4jnorms.layer.FilterResponseNorm;
import io.github.dl4jnorms.layer.GhostBatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.InstanceNorm;
import io.github.dl4jnorms.layer.LayerNorm;
import io.github.dl4jnorms.layer.RMSNorm;
import io.github.dl4jnorms.layer.ScaleNorm;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import io.github.dl4jnorms.samediff.conv.ConvTranspose2D;
import io.github.dl4jnorms.samediff.conv.MaxPool2D;
import io.github.dl4jnorms.samediff.conv.PaddingMode;
import io.github.dl4jnorms.samediff.conv.Upsample2D;
import io.github.dl4jnorms.samediff.detection.FcosHead;
import io.github.dl4jnorms.samediff.resnet.ResidualAdd;
import io.github.dl4jnorms.samediff.style.ContentLoss;
import io.github.dl4jnorms.weight.Dense;
import io.github.dl4jnorms.weight.Parametrization;
import io.github.dl4jnorms.weight.SpectralNorm;
import io.github.dl4jnorms.weight.WeightNorm;
import io.github.dl4jnorms.weight.WeightStandardization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.Activation;

/** Every layer and vertex of ours, in every layout and variant: {@link #list} has a line for each of them. */
final class Catalogue {

    /** Channels of every input; groups have to divide it. */
    private static final int CHANNELS = 4;

    private static final Layout[] ALL = Layout.values();
    private static final Layout[] FEATURES = {Layout.NC, Layout.NCW, Layout.NWC};
    private static final Layout[] WITH_POSITIONS = {
        Layout.NCW, Layout.NWC, Layout.NCHW, Layout.NHWC, Layout.NCDHW, Layout.NDHWC
    };
    private static final Layout[] SPATIAL = {Layout.NCHW, Layout.NHWC, Layout.NCDHW, Layout.NDHWC};
    private static final Layout[] IMAGES = {Layout.NCHW, Layout.NHWC};

    private final List<Case> cases = new ArrayList<>();

    /** A norm as a function of the settings that all norms have. */
    interface Norm {
        Layer of(boolean affine, Activation activation);
    }

    private void list() {
        norm(
                "BatchNorm",
                (affine, activation) -> new BatchNorm.Builder()
                        .affine(affine)
                        .activation(activation)
                        .build(),
                ALL);
        evaluation("BatchNorm", "affine", new BatchNorm.Builder().build(), ALL);
        norm(
                "GroupNorm",
                (affine, activation) -> new GroupNorm.Builder()
                        .groups(2)
                        .affine(affine)
                        .activation(activation)
                        .build(),
                ALL);
        layer("GroupNorm", "1 group", new GroupNorm.Builder().groups(1).build(), ALL);
        norm(
                "LayerNorm",
                (affine, activation) -> new LayerNorm.Builder()
                        .affine(affine)
                        .activation(activation)
                        .build(),
                ALL);
        layer(
                "LayerNorm",
                "whole example",
                new LayerNorm.Builder().wholeExample(true).build(),
                SPATIAL);
        norm(
                "RMSNorm",
                (affine, activation) -> new RMSNorm.Builder()
                        .affine(affine)
                        .activation(activation)
                        .build(),
                ALL);
        norm(
                "InstanceNorm",
                (affine, activation) -> new InstanceNorm.Builder()
                        .affine(affine)
                        .activation(activation)
                        .build(),
                WITH_POSITIONS);
        layer("FilterResponseNorm", "", new FilterResponseNorm.Builder().build(), WITH_POSITIONS);
        norm(
                "FilterResponseNorm",
                (affine, activation) -> new FilterResponseNorm.Builder()
                        .threshold(false)
                        .affine(affine)
                        .activation(activation)
                        .build(),
                WITH_POSITIONS);
        layer("DynamicTanh", "", new DynamicTanh.Builder().build(), ALL);
        layer("ScaleNorm", "", new ScaleNorm.Builder().build(), ALL);
        layer(
                "ScaleNorm",
                "unit norm",
                new ScaleNorm.Builder().scale(1).learned(false).build(),
                ALL);
        layer(
                "GhostBatchNorm",
                "",
                new GhostBatchNorm.Builder().virtualBatchSize(2).build(),
                ALL);
        // its r and d are constants to the gradient, which finite differences do not know: so where they are 1 and 0
        layer(
                "BatchRenorm",
                "r 1, d 0",
                new BatchRenorm.Builder().rMax(1).dMax(0).build(),
                ALL);
        evaluation("BatchRenorm", "affine", new BatchRenorm.Builder().build(), ALL);
        layer("BatchNorm", "frozen", new BatchNorm.Builder().frozen(true).build(), ALL);
        layer(
                "BatchNorm",
                "cumulative",
                new BatchNorm.Builder().cumulative(true).build(),
                ALL);
        layer("Conv2D", "1×1", new Conv2D.Builder().nOut(3).bias(false).build(), IMAGES);
        layer("Conv2D", "1×1, bias", new Conv2D.Builder().nOut(3).build(), IMAGES);
        layer(
                "Conv2D",
                "3×3, padding",
                new Conv2D.Builder().nOut(3).kernel(3).padding(1).build(),
                IMAGES);
        layer(
                "Conv2D",
                "2×3, stride 2×1",
                new Conv2D.Builder().nOut(3).kernel(2, 3).stride(2, 1).build(),
                IMAGES);
        layer("Conv2D", "2×2, dilation, TANH", dilated(), IMAGES);
        layer(
                "Conv2D",
                "3×3, reflection",
                new Conv2D.Builder()
                        .nOut(3)
                        .kernel(3)
                        .padding(1)
                        .paddingMode(PaddingMode.REFLECT)
                        .build(),
                IMAGES);
        layer(
                "Conv2D",
                "frozen",
                new Conv2D.Builder().nOut(3).kernel(2).frozen(true).build(),
                IMAGES);
        layer("Conv2D", "weight norm", parametrized(new WeightNorm()), IMAGES);
        layer("Conv2D", "weight standardization", parametrized(new WeightStandardization()), IMAGES);
        layer("ConvTranspose2D", "2×3, stride 2×1", transposed(), IMAGES);
        evaluation("Conv2D", "spectral norm", parametrized(new SpectralNorm()), IMAGES);
        layer("Dense", "", new Dense.Builder().nOut(3).build(), FEATURES);
        layer("Dense", "weight norm", dense(new WeightNorm()), FEATURES);
        evaluation("Dense", "spectral norm", dense(new SpectralNorm()), FEATURES);
        layer(
                "MaxPool2D",
                "2×3, stride 1×2, padding",
                new MaxPool2D.Builder().kernel(2, 3).stride(1, 2).padding(1).build(),
                IMAGES);
        layer("Upsample2D", "2×3", new Upsample2D.Builder().scale(2, 3).build(), IMAGES);
        vertex("AdaIN", "", new AdaIN.Builder().build(), 2, WITH_POSITIONS);
        vertex("AdaIN", "alpha 0.3", new AdaIN.Builder().alpha(0.3).build(), 2, WITH_POSITIONS);
        conditional("AdaLayerNorm", "", new AdaLayerNorm.Builder().zero(false).build());
        conditional(
                "AdaLayerNorm",
                "rms",
                new AdaLayerNorm.Builder().rms(true).zero(false).build());
        conditional("AdaGate", "", new AdaGate.Builder().zero(false).build());
        conditional(
                "ConditionalBatchNorm",
                "",
                new ConditionalBatchNorm.Builder().zero(false).build());
        vertex("ResidualAdd", "", new ResidualAdd(), 2, ALL);
        vertex("FcosHead", "bn", new FcosHead(CHANNELS, 1, 2, NormSpec.parse("bn")), FcosHead.LEVELS, Layout.NCHW);
        vertex("FcosHead", "gn2", new FcosHead(CHANNELS, 1, 2, NormSpec.parse("gn2")), FcosHead.LEVELS, Layout.NCHW);
        vertex("FcosHead", "none", new FcosHead(CHANNELS, 1, 2, NormSpec.NONE), FcosHead.LEVELS, Layout.NCHW);
        cases.add(new Case("FcosLoss", "NCHW", "", Networks.fcosLoss()));
        vertex("ContentLoss", "", new ContentLoss(), 2, Layout.NCHW);
        cases.add(new Case("StyleLoss", Layout.NCHW.toString(), "", Networks.styleLoss(CHANNELS)));
        for (String norm : List.of("bn", "gn1", "none")) {
            network("ResNet50", norm, Networks.resNet50(NormSpec.parse(norm)));
            network("FcosDetector", norm, Networks.detector(NormSpec.parse(norm)));
        }
    }

    private static Layer dense(Parametrization parametrization) {
        return new Dense.Builder().nOut(3).parametrization(parametrization).build();
    }

    private static Layer parametrized(Parametrization parametrization) {
        return new Conv2D.Builder()
                .nOut(3)
                .kernel(2)
                .parametrization(parametrization)
                .build();
    }

    private static Layer transposed() {
        return new ConvTranspose2D.Builder().nOut(3).kernel(2, 3).stride(2, 1).build();
    }

    private static Layer dilated() {
        return new Conv2D.Builder()
                .nOut(3)
                .kernel(2)
                .padding(1)
                .dilation(2, 1)
                .activation(Activation.TANH)
                .build();
    }

    /** All cases in order. */
    static List<Case> all(long seed) {
        Catalogue catalogue = new Catalogue();
        catalogue.list();
        catalogue.cases.forEach(c -> c.check().seed(seed));
        return List.copyOf(catalogue.cases);
    }

    /** The first case of each layer in each layout, a part of each array. */
    static List<Case> quick(List<Case> all) {
        Map<String, Case> first = new LinkedHashMap<>();
        all.forEach(c -> first.putIfAbsent(c.layer() + " " + c.layout(), c));
        first.values().forEach(c -> c.check().entriesPerArray(c.quickEntries()));
        return List.copyOf(first.values());
    }

    /** The cases whose name has a text in it, whatever its case. */
    static List<Case> matching(List<Case> cases, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return cases.stream()
                .filter(c -> c.name().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /** A norm with and without γ and β, and with activations of each kind: none, fused, composed. */
    private void norm(String name, Norm norm, Layout... layouts) {
        for (Activation activation : List.of(Activation.IDENTITY, Activation.RELU, Activation.TANH)) {
            for (boolean affine : new boolean[] {true, false}) {
                String variant =
                        (affine ? "affine" : "plain") + (activation == Activation.IDENTITY ? "" : ", " + activation);
                layer(name, variant, norm.of(affine, activation), layouts);
            }
        }
    }

    /** A layer in each layout, with and without masks where there is time. */
    private void layer(String name, String variant, Layer layer, Layout... layouts) {
        for (Layout layout : layouts) {
            for (GradientCheck check : GradientChecks.over(layer, typeOf(layout))) {
                boolean masked = check.name().endsWith("masked");
                cases.add(new Case(name, layout + (masked ? " masked" : ""), variant, check));
            }
        }
    }

    /** The same in evaluation mode. */
    private void evaluation(String name, String variant, Layer layer, Layout... layouts) {
        int before = cases.size();
        layer(name, variant + ", evaluation", layer, layouts);
        cases.subList(before, cases.size()).forEach(c -> c.check().training(false));
    }

    /** A vertex with inputs of one type. */
    private void vertex(String name, String variant, GraphVertex vertex, int inputs, Layout... layouts) {
        for (Layout layout : layouts) {
            InputType[] types = new InputType[inputs];
            Arrays.fill(types, typeOf(layout));
            cases.add(new Case(
                    name, layout.toString(), variant, GradientCheck.of(vertex).input(types)));
        }
    }

    /** A vertex whose last input is a condition. */
    private void conditional(String name, String variant, ConditionalVertex vertex) {
        for (Layout layout : ALL) {
            InputType[] types = new InputType[vertex.inputs()];
            Arrays.fill(types, typeOf(layout));
            types[types.length - 1] = InputType.feedForward(CHANNELS - 1);
            cases.add(new Case(
                    name, layout.toString(), variant, GradientCheck.of(vertex).input(types)));
        }
    }

    /** A network, whose arrays are many. */
    private void network(String name, String variant, GradientCheck check) {
        cases.add(new Case(name, Layout.NCHW.toString(), variant, check, 1));
    }

    private static InputType typeOf(Layout layout) {
        return layout.of(CHANNELS);
    }
}
