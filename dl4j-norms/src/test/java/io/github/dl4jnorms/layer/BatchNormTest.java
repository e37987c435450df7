package io.github.dl4jnorms.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.Fixture;
import io.github.dl4jnorms.op.ComposedForm;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BatchNormTest {

    private static final int STEPS = 5;

    static List<Arguments> forms() {
        return Stream.of(false, true)
                .flatMap(composed -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(type -> Stream.of(false, true).map(last -> Arguments.of(composed, type, last))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isPyTorchs(boolean composed, DataType type, boolean channelsLast) {
        for (String kind : new String[] {"ff", "rnn", "cnn", "cnn3d"}) {
            trains(Fixture.of("batch_norm_" + kind), new BatchNorm.Builder(), composed, type, channelsLast);
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void cumulativeIsPyTorchsMomentumNone(boolean composed, DataType type, boolean channelsLast) {
        for (String kind : new String[] {"ff", "cnn"}) {
            Fixture torch = Fixture.of("batch_norm_cumulative_" + kind);
            trains(torch, new BatchNorm.Builder().cumulative(true), composed, type, channelsLast);
        }
    }

    private static void trains(
            Fixture torch, BatchNorm.Builder builder, boolean composed, DataType type, boolean channelsLast) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            SingleLayer layer = new SingleLayer(builder.build(), torch.get("x0", type), channelsLast)
                    .with(torch, type, "gamma", "beta");
            for (int step = 0; step < STEPS; step++) {
                layer.check(torch, type, String.valueOf(step), true);
            }
            torch.check("mean", layer.get("mean"));
            torch.check("variance", layer.get("variance"));
            layer.check(torch, type, "Eval", false);
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void frozenIsTorchvisionsFrozenBatchNorm2d(boolean composed, DataType type, boolean channelsLast) {
        Fixture torch = Fixture.of("batch_norm_frozen_cnn");
        String[] buffers = {"gamma", "beta", "mean", "variance"};
        try (ComposedForm form = ComposedForm.use(composed)) {
            SingleLayer layer = new SingleLayer(
                            new BatchNorm.Builder().frozen(true).build(), torch.get("x", type), channelsLast)
                    .with(torch, type, buffers);
            layer.check(torch, type, "", true);
            layer.check(torch, type, "", false);
            for (String buffer : buffers) {
                torch.check(buffer, layer.get(buffer));
            }
        }
    }

    /** As PyTorch does. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainingOnOneValuePerChannelThrows(boolean composed) {
        try (ComposedForm form = ComposedForm.use(composed)) {
            INDArray x = Nd4j.rand(DataType.FLOAT, 1, 3, 1, 1);
            SingleLayer layer = new SingleLayer(new BatchNorm.Builder().build(), x, false);
            assertThatThrownBy(() -> layer.forward(x, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than one value per channel")
                    .hasMessageContaining("[1, 3, 1, 1]");
            layer.forward(x, false);
            new SingleLayer(new BatchNorm.Builder().frozen(true).build(), x, false).forward(x, true);
        }
    }
}
