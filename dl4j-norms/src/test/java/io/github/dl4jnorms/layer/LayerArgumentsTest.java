package io.github.dl4jnorms.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** What the layers say of wrong settings and inputs. */
class LayerArgumentsTest {

    @Test
    void settings() {
        refused(() -> new BatchNorm.Builder().decay(1.5), "decay: takes a number from 0 to 1, received 1.5");
        refused(() -> new BatchNorm.Builder().decay(Double.NaN), "decay: takes a number from 0 to 1, received NaN");
        refused(() -> new BatchNorm.Builder().epsilon(0), "epsilon: takes a number greater than 0, received 0.0");
        refused(() -> new GroupNorm.Builder().epsilon(-1), "epsilon: takes a number greater than 0, received -1.0");
        refused(() -> new GroupNorm.Builder().groups(-3), "groups: takes a number greater than 0, received -3");
        refused(() -> new GroupNorm.Builder().activation(null), "activation: takes one of", "received null");
    }

    @Test
    void groupsThatDoNotDivide() {
        refused(
                () -> network(new GroupNorm.Builder().build(), InputType.convolutional(4, 4, 48)),
                "groups: takes a divisor of the 48 channels, received 32");
    }

    @Test
    void noInputType() {
        refused(() -> network(new GroupNorm.Builder().build(), null), "size: GroupNorm", "setInputType");
        refused(() -> network(new BatchNorm.Builder().build(), null), "size: BatchNorm", "setInputType");
        refused(() -> network(new LayerNorm.Builder().build(), null), "size: LayerNorm", "setInputType");
        refused(() -> network(new RMSNorm.Builder().build(), null), "size: RMSNorm", "setInputType");
        refused(() -> network(new InstanceNorm.Builder().build(), null), "size: InstanceNorm", "setInputType");
    }

    @Test
    void anotherNumberOfChannelsThanDeclared() {
        MultiLayerNetwork network = network(new BatchNorm.Builder().build(), InputType.convolutional(3, 3, 4));
        refused(
                () -> network.output(Nd4j.ones(DataType.FLOAT, 2, 5, 3, 3)),
                "mean: takes one number per channel, shape [5] for x of shape [2, 5, 3, 3], received shape [4]");
    }

    @Test
    void trainingOnOneValuePerChannel() {
        MultiLayerNetwork network = network(new BatchNorm.Builder().build(), InputType.feedForward(4));
        refused(
                () -> network.output(Nd4j.ones(DataType.FLOAT, 1, 4), true),
                "x: batch statistics take more than one value per channel, received shape [1, 4]");
    }

    @Test
    void inputsThatANormDoesNotTake() {
        refused(
                () -> network(new InstanceNorm.Builder().build(), InputType.feedForward(4)),
                "inputType: InstanceNorm takes recurrent, convolutional and 3-D convolutional input, received");
        for (InputType type : new InputType[] {InputType.feedForward(4), InputType.recurrent(4, 5)}) {
            refused(
                    () -> network(new LayerNorm.Builder().wholeExample(true).build(), type),
                    "wholeExample: takes convolutional and 3-D convolutional input, received");
            refused(
                    () -> network(new RMSNorm.Builder().wholeExample(true).build(), type),
                    "wholeExample: takes convolutional and 3-D convolutional input, received");
        }
    }

    @Test
    void anotherImageSizeThanDeclared() {
        MultiLayerNetwork network =
                network(new LayerNorm.Builder().wholeExample(true).build(), InputType.convolutional(3, 3, 4));
        refused(
                () -> network.output(Nd4j.ones(DataType.FLOAT, 2, 4, 5, 3)),
                "gamma: takes the shape of the dimensions that are normalized over, [4, 5, 3]",
                "received shape [4, 3, 3]");
        MultiLayerNetwork perPixel = network(new RMSNorm.Builder().build(), InputType.convolutional(3, 3, 4));
        refused(() -> perPixel.output(Nd4j.ones(DataType.FLOAT, 2, 5, 3, 3)), "gamma: takes", "[5]", "shape [4]");
        perPixel.output(Nd4j.ones(DataType.FLOAT, 2, 4, 5, 7));
    }

    private static MultiLayerNetwork network(Layer layer, InputType type) {
        NeuralNetConfiguration.ListBuilder builder =
                new NeuralNetConfiguration.Builder().list().layer(layer);
        MultiLayerNetwork network =
                new MultiLayerNetwork((type == null ? builder : builder.setInputType(type)).build());
        network.init();
        return network;
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }
}
