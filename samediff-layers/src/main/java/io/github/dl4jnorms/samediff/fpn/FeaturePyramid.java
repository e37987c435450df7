package io.github.dl4jnorms.samediff.fpn;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.conv.Conv2D;
import io.github.dl4jnorms.samediff.conv.ConvNorm;
import io.github.dl4jnorms.samediff.conv.Upsample2D;
import io.github.dl4jnorms.samediff.resnet.ResNet50;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;
import org.nd4j.linalg.activations.Activation;

/**
 * A feature pyramid as a fragment of a graph: P3 to P5 from the backbone's C3 to C5 by lateral 1×1 convolutions, a top-down
 * path of nearest upsampling and addition, and 3×3 convolutions, each convolution followed by the norm; P6 and P7 by 3×3
 * convolutions of stride 2 on P5 and on max(0, P6). P6 and P7 have no norm, as in torchvision: on small images they are one
 * pixel, which a batch of one could not be normalized by.
 *
 * <p>Paper: Lin et al., <a href="https://arxiv.org/abs/1612.03144">Feature Pyramid Networks for Object Detection</a>, 2016;
 * P6 and P7 from Lin et al., <a href="https://arxiv.org/abs/1708.02002">Focal Loss for Dense Object Detection</a>, 2017.
 *
 * <p>The image's height and width must be multiples of 32, so that each level is exactly half of the one below it up to P5.
 */
public final class FeaturePyramid {

    private FeaturePyramid() {}

    /**
     * Adds the layers, their names beginning with {@code fpn}.
     *
     * @param channels of every level
     * @return the names of P3, P4, P5, P6, P7: strides 8 to 128
     */
    public static List<String> addTo(GraphBuilder graph, ResNet50.Stages backbone, int channels, NormSpec norm) {
        String top = lateral(graph, 5, backbone.c5(), channels, norm);
        String p5 = smooth(graph, 5, top, channels, norm);
        String merged4 = merge(graph, 4, top, lateral(graph, 4, backbone.c4(), channels, norm));
        String p4 = smooth(graph, 4, merged4, channels, norm);
        String merged3 = merge(graph, 3, merged4, lateral(graph, 3, backbone.c3(), channels, norm));
        String p3 = smooth(graph, 3, merged3, channels, norm);
        graph.addLayer("fpn6", convolution(channels, 3).stride(2).build(), p5);
        graph.addLayer("fpn6-relu", new ActivationLayer(Activation.RELU), "fpn6");
        graph.addLayer("fpn7", convolution(channels, 3).stride(2).build(), "fpn6-relu");
        return List.of(p3, p4, p5, "fpn6", "fpn7");
    }

    private static String lateral(GraphBuilder graph, int level, String input, int channels, NormSpec norm) {
        return ConvNorm.add(
                graph, "fpn" + level + "-lateral", input, convolution(channels, 1), norm, Activation.IDENTITY);
    }

    private static String smooth(GraphBuilder graph, int level, String input, int channels, NormSpec norm) {
        return ConvNorm.add(graph, "fpn" + level, input, convolution(channels, 3), norm, Activation.IDENTITY);
    }

    private static String merge(GraphBuilder graph, int level, String above, String lateral) {
        graph.addLayer("fpn" + level + "-up", new Upsample2D.Builder().build(), above);
        graph.addVertex(
                "fpn" + level + "-sum",
                new ElementWiseVertex(ElementWiseVertex.Op.Add),
                "fpn" + level + "-up",
                lateral);
        return "fpn" + level + "-sum";
    }

    private static Conv2D.Builder convolution(int channels, int kernel) {
        return new Conv2D.Builder()
                .nOut(channels)
                .kernel(kernel)
                .padding(kernel / 2)
                .initializer(new WeightInitXavierUniform());
    }
}
