package io.github.dl4jnorms.samediff.detection;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.runtime.DefinedVertex;
import io.github.dl4jnorms.runtime.Parameters;
import io.github.dl4jnorms.runtime.Scope;
import java.util.Objects;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The head of FCOS, an anchor-free detector, shared by all levels of a pyramid: two towers of 3×3 convolutions with norm and
 * ReLU, from the first of which the classes are predicted, from the second the box and its centerness.
 *
 * <p>Paper: Tian et al., <a href="https://arxiv.org/abs/1904.01355">FCOS: Fully Convolutional One-Stage Object
 * Detection</a>, 2019.
 *
 * <p>Inputs: P3 to P7, {@code [N, channels, H, W]} each. Output: {@code [N, 5 + classes, 1, L]}, the locations of all levels
 * one after another, row by row; channels as in {@link FcosChannels}: left, top, right, bottom {@code = exp(scale · raw)} in
 * units of the level's stride, with one learned scale per level; the logit of the centerness; the logits of the classes,
 * whose bias starts at a probability of 0.01.
 *
 * <p>A norm with batch statistics takes them over the locations of all levels together, so that the coarsest level may be a
 * single pixel; GroupNorm treats each level by itself, as the paper's code does.
 */
public class FcosHead extends DefinedVertex {

    /** Levels of the pyramid, P3 to P7. */
    public static final int LEVELS = 5;

    private static final double PRIOR = 0.01;
    private static final double STANDARD_DEVIATION = 0.01;
    private static final double LARGEST_EXPONENT = 8;
    private static final int BOX = 4;

    private int channels;
    private int convolutions;
    private int classes;
    private String norm;

    /** For JSON. */
    public FcosHead() {}

    /**
     * @param channels of every level and of the towers
     * @param convolutions in each tower
     * @param classes number of classes
     * @param norm after each of the towers' convolutions
     */
    public FcosHead(int channels, int convolutions, int classes, NormSpec norm) {
        this.channels = channels;
        this.convolutions = convolutions;
        this.classes = classes;
        this.norm = norm.toString();
    }

    @Override
    public int inputs() {
        return LEVELS;
    }

    @Override
    public void declare(Parameters parameters) {
        declareTower(parameters, "cls");
        declareConvolution(parameters, "clsOut", classes, Math.log(PRIOR / (1 - PRIOR)));
        declareTower(parameters, "box");
        declareConvolution(parameters, "boxOut", BOX, 0);
        declareConvolution(parameters, "ctrOut", 1, 0);
        for (int level = 0; level < LEVELS; level++) {
            parameters.bias("scale" + level, scale -> scale.assign(1), 1);
        }
    }

    private void declareTower(Parameters parameters, String name) {
        for (int i = 0; i < convolutions; i++) {
            parameters.weight(name + i + "W", this::initialize, channels, channels, 3, 3);
            if (spec().isNone()) {
                parameters.bias(name + i + "b", b -> b.assign(0), channels);
            }
            spec().declare(parameters, name + i, channels);
        }
    }

    private void declareConvolution(Parameters parameters, String name, int out, double bias) {
        parameters.weight(name + "W", this::initialize, out, channels, 3, 3);
        parameters.bias(name + "b", b -> b.assign(bias), out);
    }

    private void initialize(org.nd4j.linalg.api.ndarray.INDArray weight) {
        weight.assign(Nd4j.randn(weight.dataType(), weight.shape()).muli(STANDARD_DEVIATION));
    }

    @Override
    public SDVariable define(Scope scope, SDVariable... levels) {
        SameDiff sd = scope.sameDiff();
        SDVariable[] cls = tower(scope, "cls", levels);
        SDVariable[] box = tower(scope, "box", levels);
        SDVariable[] out = new SDVariable[LEVELS];
        for (int l = 0; l < LEVELS; l++) {
            SDVariable raw = convolve(scope, "boxOut", box[l], true).mul(scope.parameter("scale" + l));
            SDVariable distances =
                    sd.math.exp(sd.math.min(raw, sd.constant(LARGEST_EXPONENT).castTo(raw.dataType())));
            SDVariable centerness = convolve(scope, "ctrOut", box[l], true);
            out[l] = sd.concat(1, distances, centerness, convolve(scope, "clsOut", cls[l], true));
        }
        return sd.expandDims(PyramidPacking.pack(sd, out), 2);
    }

    private SDVariable[] tower(Scope scope, String name, SDVariable[] levels) {
        SDVariable[] x = levels.clone();
        for (int i = 0; i < convolutions; i++) {
            for (int l = 0; l < LEVELS; l++) {
                x[l] = convolve(scope, name + i, x[l], spec().isNone());
            }
            x = normalize(scope, name + i, x);
        }
        return x;
    }

    private SDVariable[] normalize(Scope scope, String name, SDVariable[] levels) {
        if (spec().usesBatchStatistics()) {
            SameDiff sd = scope.sameDiff();
            SDVariable all = PyramidPacking.pack(sd, levels);
            return PyramidPacking.unpack(sd, spec().normalizeAndRelu(scope, name, all, channels), levels);
        }
        SDVariable[] normalized = new SDVariable[LEVELS];
        for (int l = 0; l < LEVELS; l++) {
            normalized[l] = spec().normalizeAndRelu(scope, name, levels[l], channels);
        }
        return normalized;
    }

    private SDVariable convolve(Scope scope, String name, SDVariable x, boolean biased) {
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(3)
                .kW(3)
                .pH(1)
                .pW(1)
                .weightsFormat(WeightsFormat.OIYX)
                .build();
        SDVariable weight = scope.parameter(name + "W");
        return biased
                ? scope.sameDiff().cnn.conv2d(x, weight, scope.parameter(name + "b"), config)
                : scope.sameDiff().cnn.conv2d(x, weight, config);
    }

    private NormSpec spec() {
        return NormSpec.parse(norm);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... levels) {
        long locations = 0;
        for (InputType level : levels) {
            if (!(level instanceof InputType.InputTypeConvolutional cnn) || cnn.getChannels() != channels) {
                throw new IllegalArgumentException(
                        "levels: take " + channels + " channels each, received " + java.util.Arrays.toString(levels));
            }
            locations += cnn.getHeight() * cnn.getWidth();
        }
        return InputType.convolutional(1, locations, FcosChannels.count(classes));
    }

    public int getChannels() {
        return channels;
    }

    public void setChannels(int channels) {
        this.channels = channels;
    }

    public int getConvolutions() {
        return convolutions;
    }

    public void setConvolutions(int convolutions) {
        this.convolutions = convolutions;
    }

    public int getClasses() {
        return classes;
    }

    public void setClasses(int classes) {
        this.classes = classes;
    }

    public String getNorm() {
        return norm;
    }

    public void setNorm(String norm) {
        this.norm = norm;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FcosHead that
                && super.equals(other)
                && channels == that.channels
                && convolutions == that.convolutions
                && classes == that.classes
                && Objects.equals(norm, that.norm);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), channels, convolutions, classes, norm);
    }
}
