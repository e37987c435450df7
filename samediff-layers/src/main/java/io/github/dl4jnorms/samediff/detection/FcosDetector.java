package io.github.dl4jnorms.samediff.detection;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.Settings;
import io.github.dl4jnorms.samediff.fpn.FeaturePyramid;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * An object detector: ResNet-50, a feature pyramid P3 to P7, the FCOS head and its loss, the norm of all of them a parameter.
 *
 * <p>Input {@code image}: {@code [N, 3, size, size]}. Output {@code locations}: {@code [N, 5 + classes, 1, L]}, which
 * {@link #levels} takes apart for {@link FcosDecoder}. Labels and their masks come per level and are put together by
 * {@link #pack}.
 */
public final class FcosDetector {

    private static final int[] STRIDES = {8, 16, 32, 64, 128};
    private static final int MULTIPLE = 32;

    private final Builder settings;

    private FcosDetector(Builder settings) {
        this.settings = settings;
    }

    /** Pixels between the locations of each level, finest first. */
    public static int[] strides() {
        return STRIDES.clone();
    }

    /** Settings with their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The network's configuration. */
    public ComputationGraphConfiguration configuration() {
        NeuralNetConfiguration.Builder network = new NeuralNetConfiguration.Builder()
                .seed(settings.seed)
                .dataType(settings.dataType)
                .updater(settings.updater)
                .l2(settings.l2);
        if (settings.clip > 0) {
            network.gradientNormalization(GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(settings.clip);
        }
        GraphBuilder graph = network.graphBuilder().addInputs("image");
        ResNet50 backbone = ResNet50.builder()
                .norm(settings.norm)
                .width(settings.width)
                .blocks(settings.blocks)
                .zeroInitResidual(settings.zeroInitResidual)
                .inputGradient(false)
                .build();
        List<String> levels =
                FeaturePyramid.addTo(graph, backbone.addTo(graph, "image"), settings.channels, settings.norm);
        FcosHead head = new FcosHead(settings.channels, settings.headConvolutions, settings.classes, settings.norm);
        return graph.addVertex("head", head, levels.toArray(new String[0]))
                .addLayer(
                        "locations",
                        new CnnLossLayer.Builder(new FcosLoss())
                                .activation(Activation.IDENTITY)
                                .build(),
                        "head")
                .setOutputs("locations")
                .setInputTypes(InputType.convolutional(settings.imageSize, settings.imageSize, 3))
                .build();
    }

    /** The network's output, taken apart into one array {@code [N, 5 + classes, H, W]} per level, finest first. */
    public static INDArray[] levels(INDArray locations, int imageSize) {
        int[] sizes = new int[STRIDES.length];
        for (int l = 0; l < sizes.length; l++) {
            sizes[l] = (imageSize + STRIDES[l] - 1) / STRIDES[l];
        }
        return PyramidPacking.unpack(locations, sizes);
    }

    /** Puts the labels and label masks of all levels together, as the network's one output takes them. */
    public static MultiDataSet pack(MultiDataSet perLevel) {
        return new org.nd4j.linalg.dataset.MultiDataSet(
                perLevel.getFeatures(),
                new INDArray[] {PyramidPacking.pack(perLevel.getLabels())},
                null,
                new INDArray[] {PyramidPacking.pack(perLevel.getLabelsMaskArrays())});
    }

    /** Settings of a {@link FcosDetector}. */
    public static final class Builder {

        private int classes = 1;
        private NormSpec norm = NormSpec.parse("bn");
        private int channels = 256;
        private int headConvolutions = 4;
        private int imageSize = 128;
        private int width = 64;
        private int[] blocks = {3, 4, 6, 3};
        private boolean zeroInitResidual;
        private IUpdater updater = new Nesterovs(0.01, 0.9);
        private double l2 = 1e-4;
        private double clip = 0;
        private long seed = 42;
        private DataType dataType = DataType.FLOAT;

        private Builder() {}

        /** Number of classes, without background; default 1. */
        public Builder classes(int classes) {
            this.classes = Settings.positive("classes", classes);
            return this;
        }

        /** The norm of backbone, pyramid and head; default BatchNorm. */
        public Builder norm(NormSpec norm) {
            this.norm = Objects.requireNonNull(norm, "norm");
            return this;
        }

        /** Channels of the pyramid and the head; default 256. */
        public Builder channels(int channels) {
            this.channels = Settings.positive("channels", channels);
            return this;
        }

        /** Convolutions in each of the head's two towers; default 4. */
        public Builder headConvolutions(int convolutions) {
            this.headConvolutions = Settings.positive("headConvolutions", convolutions);
            return this;
        }

        /** Height and width of the image, a multiple of 32; default 128. */
        public Builder imageSize(int imageSize) {
            if (imageSize < MULTIPLE || imageSize % MULTIPLE != 0) {
                throw new IllegalArgumentException(
                        "imageSize: takes a multiple of " + MULTIPLE + ", received " + imageSize);
            }
            this.imageSize = imageSize;
            return this;
        }

        /** Width of the backbone, as {@link ResNet50.Builder#width}; default 64. */
        public Builder width(int width) {
            this.width = Settings.positive("width", width);
            return this;
        }

        /** Blocks of the backbone, as {@link ResNet50.Builder#blocks}; default 3, 4, 6, 3. */
        public Builder blocks(int... blocks) {
            this.blocks = blocks.clone();
            return this;
        }

        /** As {@link ResNet50.Builder#zeroInitResidual}; default false. */
        public Builder zeroInitResidual(boolean zeroInitResidual) {
            this.zeroInitResidual = zeroInitResidual;
            return this;
        }

        /** The optimizer; default Nesterov momentum 0.9 with learning rate 0.01. */
        public Builder updater(IUpdater updater) {
            this.updater = Objects.requireNonNull(updater, "updater");
            return this;
        }

        /** L2 regularization of the convolutions' weights; default 1e-4. */
        public Builder l2(double l2) {
            this.l2 = l2;
            return this;
        }

        /** Largest L2 norm of the gradient of a layer, which is scaled down to it; default 0, no limit. */
        public Builder clip(double clip) {
            this.clip = clip;
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

        public FcosDetector build() {
            return new FcosDetector(this);
        }
    }
}
