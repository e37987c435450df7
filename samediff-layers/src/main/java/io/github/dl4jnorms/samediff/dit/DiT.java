package io.github.dl4jnorms.samediff.dit;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.Settings;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * The diffusion transformer (Peebles and Xie,
 * <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>, 2023): a noised image, cut into
 * patches, goes through transformer blocks that know the time and the class, and comes out as a prediction of the image's
 * shape.
 *
 * <pre>{@code
 * ComputationGraph network = DiT.builder().imageSize(16).classes(10).build().network(); // DiT-S/2 otherwise
 * }</pre>
 *
 * <p>Inputs: {@code image [N, C, H, W]}; {@code timestep [N, 1]}; {@code label [N, 1]}, each example's class, or
 * {@link #noClass} for none, unless there are 0 classes: then this input is not there. Output {@code prediction}:
 * {@code [N, C, H, W]}. The loss is the mean squared error to the labels {@code [N, C, H, W]}: the noise for DDPM, the velocity
 * for flow matching.
 *
 * <p>Vertices: {@code patches}, {@code time}, {@code class}, {@code condition} (the sum of the two before), {@code block0},
 * {@code block1}, …, {@code final}, {@code image-out}, {@code prediction}. Conditioning NONE leaves {@code time},
 * {@code class} and {@code condition} away, and the inputs {@code timestep} and {@code label} with them: DL4J has no inputs that
 * nothing depends on.
 */
public final class DiT {

    /** Name of the input for the noised image. */
    public static final String IMAGE = "image";

    /** Name of the input for the time. */
    public static final String TIMESTEP = "timestep";

    /** Name of the input for the class. */
    public static final String LABEL = "label";

    /** Name of the output. */
    public static final String PREDICTION = "prediction";

    private final ComputationGraphConfiguration configuration;
    private final int noClass;

    private DiT(Builder settings) {
        this.configuration = configuration(settings);
        this.noClass = settings.classes;
    }

    /** Settings with their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The label that says: no class. */
    public int noClass() {
        return noClass;
    }

    /** Name of the vertex that is block {@code i}, counted from 0. */
    public static String block(int i) {
        return "block" + i;
    }

    /** The network, with its initial weights. */
    public ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(configuration());
        network.init();
        return network;
    }

    /** The network's configuration. */
    public ComputationGraphConfiguration configuration() {
        return configuration.clone();
    }

    private static ComputationGraphConfiguration configuration(Builder settings) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(settings.seed)
                .dataType(settings.dataType)
                .updater(settings.updater)
                .graphBuilder()
                .allowDisconnected(settings.conditioning == Conditioning.NONE);
        InputType image = InputType.convolutional(settings.imageSize, settings.imageSize, settings.channels);
        InputType number = InputType.feedForward(1);
        if (settings.conditioning == Conditioning.NONE) {
            graph.addInputs(IMAGE).setInputTypes(image);
        } else if (settings.classes > 0) {
            graph.addInputs(IMAGE, TIMESTEP, LABEL).setInputTypes(image, number, number);
        } else {
            graph.addInputs(IMAGE, TIMESTEP).setInputTypes(image, number);
        }
        String x = "patches";
        graph.addLayer(
                x,
                new PatchEmbed.Builder()
                        .nOut(settings.dim)
                        .patch(settings.patch)
                        .build(),
                IMAGE);
        String condition = settings.conditioning == Conditioning.NONE ? null : addCondition(graph, settings);
        if (settings.conditioning == Conditioning.IN_CONTEXT) {
            graph.addVertex("context", new AppendToken(), x, condition);
            x = "context";
        }
        String[] modulator = settings.conditioning.modulates() ? new String[] {condition} : new String[0];
        for (int i = 0; i < settings.depth; i++) {
            DiTBlock block = settings.configure(new DiTBlock.Builder())
                    .heads(settings.heads)
                    .mlpRatio(settings.mlpRatio)
                    .build();
            graph.addVertex(block(i), block, inputs(x, modulator));
            x = block(i);
        }
        FinalLayer end = settings.configure(new FinalLayer.Builder())
                .nOut(settings.patch * settings.patch * settings.channels)
                .zeroOutput(settings.zeroOutput)
                .build();
        graph.addVertex("final", end, inputs(x, modulator));
        graph.addLayer(
                "image-out",
                new Unpatchify.Builder()
                        .height(settings.imageSize)
                        .width(settings.imageSize)
                        .patch(settings.patch)
                        .build(),
                "final");
        return graph.addLayer(PREDICTION, loss(settings), "image-out")
                .setOutputs(PREDICTION)
                .build();
    }

    private static String[] inputs(String x, String[] modulator) {
        return modulator.length == 0 ? new String[] {x} : new String[] {x, modulator[0]};
    }

    /** Adds the embeddings and tells which vertex holds their sum. */
    private static String addCondition(GraphBuilder graph, Builder settings) {
        graph.addLayer(
                "time",
                new TimestepEmbedding.Builder()
                        .nOut(settings.dim)
                        .scale(settings.timeScale)
                        .build(),
                TIMESTEP);
        if (settings.classes == 0) {
            return "time";
        }
        graph.addLayer(
                "class",
                new LabelEmbedding.Builder()
                        .classes(settings.classes)
                        .nOut(settings.dim)
                        .build(),
                LABEL);
        graph.addVertex("condition", new ElementWiseVertex(ElementWiseVertex.Op.Add), "time", "class");
        return "condition";
    }

    /** DL4J takes the mean over the channels and the sum over the pixels: the weights make it the mean over all. */
    private static CnnLossLayer loss(Builder settings) {
        double share = 1.0 / ((double) settings.imageSize * settings.imageSize);
        return new CnnLossLayer.Builder(
                        new LossMSE(Nd4j.valueArrayOf(new long[] {settings.channels}, share, settings.dataType)))
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Settings of a {@link DiT}. */
    public static final class Builder {

        private int imageSize = 16;
        private int channels = 3;
        private int patch = 2;
        private int dim = 384;
        private int depth = 12;
        private int heads = 6;
        private int mlpRatio = 4;
        private int classes = 10;
        private double timeScale = 1;
        private Conditioning conditioning = Conditioning.ADALN_ZERO;
        private NormSpec norm = NormSpec.parse("ln");
        private boolean silu = true;
        private boolean zeroOutput = true;
        private IUpdater updater = new Adam(1e-4);
        private long seed = 42;
        private DataType dataType = DataType.FLOAT;

        private Builder() {}

        private <T extends ModulatedVertex.Builder<T>> T configure(T vertex) {
            return vertex.conditioning(conditioning).norm(norm).silu(silu);
        }

        /** Height and width of the image, a multiple of the patch; default 16. */
        public Builder imageSize(int imageSize) {
            this.imageSize = Settings.positive("imageSize", imageSize);
            return this;
        }

        /** Channels of the image; default 3. */
        public Builder channels(int channels) {
            this.channels = Settings.positive("channels", channels);
            return this;
        }

        /** Height and width of a patch; default 2. */
        public Builder patch(int patch) {
            this.patch = Settings.positive("patch", patch);
            return this;
        }

        /** Numbers of each token and of the condition, a multiple of 4 and of the heads; default 384, as DiT-S. */
        public Builder dim(int dim) {
            this.dim = Settings.positive("dim", dim);
            return this;
        }

        /** Number of blocks; default 12, as DiT-S. */
        public Builder depth(int depth) {
            this.depth = Settings.positive("depth", depth);
            return this;
        }

        /** Number of heads; default 6, as DiT-S. */
        public Builder heads(int heads) {
            this.heads = Settings.positive("heads", heads);
            return this;
        }

        /** How many times as wide as the tokens each MLP is; default 4. */
        public Builder mlpRatio(int ratio) {
            this.mlpRatio = Settings.positive("mlpRatio", ratio);
            return this;
        }

        /** Number of classes; default 10. With 0 there is no label. */
        public Builder classes(int classes) {
            if (classes < 0) {
                throw new IllegalArgumentException("classes: takes a number from 0, received " + classes);
            }
            this.classes = classes;
            return this;
        }

        /** As {@link TimestepEmbedding.Builder#scale}; default 1. */
        public Builder timeScale(double timeScale) {
            this.timeScale = Settings.positive("timeScale", timeScale);
            return this;
        }

        /** How the blocks learn of time and class; default adaLN-Zero. */
        public Builder conditioning(Conditioning conditioning) {
            this.conditioning = Objects.requireNonNull(conditioning, "conditioning");
            return this;
        }

        /** The norm in each block; default LayerNorm. */
        public Builder norm(NormSpec norm) {
            this.norm = Objects.requireNonNull(norm, "norm");
            return this;
        }

        /** Whether SiLU is applied to the condition before each projection; default true. */
        public Builder silu(boolean silu) {
            this.silu = silu;
            return this;
        }

        /** As {@link FinalLayer.Builder#zeroOutput}; default true. */
        public Builder zeroOutput(boolean zeroOutput) {
            this.zeroOutput = zeroOutput;
            return this;
        }

        /** The optimizer; default Adam with learning rate 1e-4, as DiT's. */
        public Builder updater(IUpdater updater) {
            this.updater = Objects.requireNonNull(updater, "updater");
            return this;
        }

        /** Seed of the initial weights; default 42. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** Type of parameters and activations; default float. */
        public Builder dataType(DataType dataType) {
            this.dataType = Objects.requireNonNull(dataType, "dataType");
            return this;
        }

        /**
         * The transformer with these settings; later changes of the builder leave it as it is.
         *
         * @throws IllegalArgumentException if the size of the image, of the tokens or the number of heads does not fit the others
         */
        public DiT build() {
            if (imageSize % patch != 0) {
                throw new IllegalArgumentException(
                        "patch: takes a divisor of the image's size " + imageSize + ", received " + patch);
            }
            return new DiT(this);
        }
    }
}
