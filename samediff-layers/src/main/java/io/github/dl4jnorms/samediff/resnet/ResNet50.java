package io.github.dl4jnorms.samediff.resnet;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.layer.NormLayer;
import io.github.dl4jnorms.layer.ResidualAdd;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import io.github.dl4jnorms.samediff.conv.ConvNorm;
import io.github.dl4jnorms.samediff.conv.MaxPool2D;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.nd4j.linalg.activations.Activation;

/**
 * ResNet-50 without its classifier, as a fragment of a graph: torchvision's version 1.5, with 3, 4, 6 and 3 bottleneck
 * blocks and the stride in the 3×3 convolution. The norm is a parameter.
 *
 * <p>Paper: He et al., <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning for Image Recognition</a>, 2015.
 *
 * <p>Input: {@code [N, 3, H, W]}. Outputs: the feature maps of strides 4, 8, 16 and 32 with 256, 512, 1024 and 2048 channels.
 */
public final class ResNet50 {

    private static final int EXPANSION = 4;

    private final NormSpec norm;
    private final int width;
    private final int[] blocks;
    private final boolean zeroInitResidual;
    private final boolean inputGradient;

    private ResNet50(Builder builder) {
        this.norm = builder.norm;
        this.width = builder.width;
        this.blocks = builder.blocks;
        this.zeroInitResidual = builder.zeroInitResidual;
        this.inputGradient = builder.inputGradient;
    }

    /** Names of the layers whose outputs are the four feature maps, finest first: strides 4, 8, 16, 32. */
    public record Stages(String c2, String c3, String c4, String c5) {}

    /** Settings with their defaults: BatchNorm, width 64, blocks 3, 4, 6, 3. */
    public static Builder builder() {
        return new Builder();
    }

    /** Adds the layers to a graph, their names beginning with {@code res}, and tells which hold the feature maps. */
    public Stages addTo(GraphBuilder graph, String input) {
        Conv2D.Builder stem =
                new Conv2D.Builder().nOut(width).kernel(7).stride(2).padding(3).inputGradient(inputGradient);
        String x = ConvNorm.add(graph, "res1", input, stem, norm, Activation.RELU);
        graph.addLayer(
                "res1-pool",
                new MaxPool2D.Builder().kernel(3).stride(2).padding(1).build(),
                x);
        x = "res1-pool";
        String[] stages = new String[4];
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < blocks[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = bottleneck(graph, "res" + (stage + 2) + "." + block, x, width << stage, stride, block == 0);
            }
            stages[stage] = x;
        }
        return new Stages(stages[0], stages[1], stages[2], stages[3]);
    }

    private String bottleneck(GraphBuilder graph, String name, String input, int width, int stride, boolean project) {
        int out = width * EXPANSION;
        String x = ConvNorm.add(graph, name + "-1", input, new Conv2D.Builder().nOut(width), norm, Activation.RELU);
        x = ConvNorm.add(
                graph,
                name + "-2",
                x,
                new Conv2D.Builder().nOut(width).kernel(3).stride(stride).padding(1),
                norm,
                Activation.RELU);
        graph.addLayer(
                name + "-3", new Conv2D.Builder().nOut(out).bias(norm.isNone()).build(), x);
        String shortcut = project
                ? ConvNorm.add(
                        graph,
                        name + "-shortcut",
                        input,
                        new Conv2D.Builder().nOut(out).stride(stride),
                        norm,
                        Activation.IDENTITY)
                : input;
        NormLayer last =
                norm.norm(Activation.IDENTITY, zeroInitResidual ? 0 : 1).orElse(null);
        graph.addVertex(name, new ResidualAdd(last), name + "-3", shortcut);
        return name;
    }

    /** Settings of a {@link ResNet50}. */
    public static final class Builder {

        private NormSpec norm = NormSpec.parse("bn");
        private int width = 64;
        private int[] blocks = {3, 4, 6, 3};
        private boolean zeroInitResidual;
        private boolean inputGradient = true;

        private Builder() {}

        /** The norm after each convolution; default BatchNorm. */
        public Builder norm(NormSpec norm) {
            this.norm = Objects.requireNonNull(norm, "norm");
            return this;
        }

        /** Channels of the stem, which all other numbers of channels are multiples of; default 64. */
        public Builder width(int width) {
            if (width < 1) {
                throw new IllegalArgumentException("width: takes a number greater than 0, received " + width);
            }
            this.width = width;
            return this;
        }

        /** Bottleneck blocks in each of the four stages; default 3, 4, 6, 3. Other numbers make another ResNet. */
        public Builder blocks(int... blocks) {
            if (blocks.length != 4 || java.util.Arrays.stream(blocks).anyMatch(b -> b < 1)) {
                throw new IllegalArgumentException(
                        "blocks: takes four numbers greater than 0, received " + java.util.Arrays.toString(blocks));
            }
            this.blocks = blocks.clone();
            return this;
        }

        /**
         * Whether the γ of each block's last norm starts at 0, so that every block starts as the identity and large
         * learning rates do no harm (Goyal et al., <a href="https://arxiv.org/abs/1706.02677">2017</a>); default false, as
         * torchvision's.
         */
        public Builder zeroInitResidual(boolean zeroInitResidual) {
            this.zeroInitResidual = zeroInitResidual;
            return this;
        }

        /**
         * Whether training computes the gradient with respect to the images, which it does not need itself; default true. See
         * {@link Conv2D.Builder#inputGradient}.
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        public ResNet50 build() {
            return new ResNet50(this);
        }
    }
}
