package io.github.dl4jnorms.samediff.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.Compare;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class DiTTest {

    private static final int BATCH = 4;

    private static DiT.Builder small() {
        return DiT.builder()
                .imageSize(4)
                .channels(2)
                .dim(16)
                .depth(2)
                .heads(2)
                .classes(3)
                .updater(new Adam(0.03));
    }

    private static INDArray[] inputs(ComputationGraph network) {
        INDArray[] all = {
            Nd4j.randn(DataType.FLOAT, BATCH, 2, 4, 4),
            Nd4j.createFromArray(0f, 10f, 500f, 999f).reshape(BATCH, 1),
            Nd4j.createFromArray(0f, 1f, 2f, 3f).reshape(BATCH, 1)
        };
        return Arrays.copyOf(all, network.getNumInputArrays());
    }

    @ParameterizedTest
    @EnumSource(Conditioning.class)
    void learnsAndIsSavedAndLoaded(Conditioning conditioning) throws IOException {
        DiT dit = small().conditioning(conditioning).build();
        ComputationGraphConfiguration configuration = dit.configuration();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
        assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml()))
                .isEqualTo(configuration);

        ComputationGraph network = dit.network();
        INDArray[] inputs = inputs(network);
        INDArray target = Nd4j.randn(DataType.FLOAT, BATCH, 2, 4, 4);
        MultiDataSet batch = new MultiDataSet(inputs, new INDArray[] {target});
        double mse = target.mul(target).meanNumber().doubleValue();
        assertThat(network.outputSingle(inputs).amaxNumber().doubleValue()).isZero();
        assertThat(network.score(batch)).as("the mean squared error").isCloseTo(mse, within(1e-5));
        for (int i = 0; i < 25; i++) {
            network.fit(batch);
        }
        assertThat(network.score(batch)).isLessThan(mse / 2);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        ComputationGraph loaded =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
        assertThat(loaded.outputSingle(inputs)).isEqualTo(network.outputSingle(inputs));
        assertThat(network.clone().outputSingle(inputs)).isEqualTo(network.outputSingle(inputs));
        network.fit(batch);
        loaded.fit(batch);
        assertThat(loaded.outputSingle(inputs)).isEqualTo(network.outputSingle(inputs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rms", "gn4", "bn"})
    void takesOtherNorms(String norm) {
        ComputationGraph network = small().norm(NormSpec.parse(norm)).build().network();
        INDArray[] inputs = inputs(network);
        MultiDataSet batch = new MultiDataSet(inputs, new INDArray[] {Nd4j.randn(DataType.FLOAT, BATCH, 2, 4, 4)});
        double before = network.score(batch);
        for (int i = 0; i < 25; i++) {
            network.fit(batch);
        }
        // evaluation by running statistics is not training: a looser bound
        assertThat(network.score(batch)).isLessThan(before * 0.8);
    }

    /** Each block, and the stack, gives the tokens back: what comes before it is what the final layer sees. */
    @Test
    void theStackStartsAsTheIdentity() {
        ComputationGraph network = small().depth(3).build().network();
        var activations = network.feedForward(inputs(network), false);
        INDArray tokens = activations.get("patches");
        for (int i = 0; i < 3; i++) {
            assertThat(activations.get(DiT.block(i)).data().asFloat())
                    .as(DiT.block(i))
                    .isEqualTo(tokens.data().asFloat());
        }
    }

    @Test
    void theSameSeedGivesTheSameNetwork() {
        DiT.Builder settings = small().zeroOutput(false).conditioning(Conditioning.ADALN);
        ComputationGraph network = settings.build().network();
        INDArray[] inputs = inputs(network);
        INDArray y = network.outputSingle(inputs);
        assertThat(y.norm2Number().doubleValue()).isGreaterThan(0);
        DiT dit = settings.build();
        assertThat(settings.seed(7).build().network().outputSingle(inputs)).isNotEqualTo(y);
        assertThat(dit.network().outputSingle(inputs)).as("built before").isEqualTo(y);
    }

    @Test
    void theClassAndTheTimeMakeADifference() {
        ComputationGraph network = small().zeroOutput(false)
                .conditioning(Conditioning.ADALN)
                .build()
                .network();
        INDArray[] inputs = inputs(network);
        INDArray y = network.outputSingle(inputs).dup();
        INDArray other = inputs[2].rsub(3);
        assertThat(network.outputSingle(inputs[0], inputs[1], other)).isNotEqualTo(y);
        assertThat(network.outputSingle(inputs[0], inputs[1].add(1), inputs[2])).isNotEqualTo(y);
    }

    @Test
    void withoutClassesThereIsNoLabel() {
        ComputationGraph network = small().classes(0).build().network();
        assertThat(network.getConfiguration().getNetworkInputs()).containsExactly(DiT.IMAGE, DiT.TIMESTEP);
        Compare.assertClose("0", network.outputSingle(inputs(network)), Nd4j.zeros(BATCH, 2, 4, 4), 1e-9);
    }

    @Test
    void refusesWhatItCannotTake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiT.builder().imageSize(15).build())
                .withMessage("patch: takes a divisor of the image's size 15, received 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DiT.builder().dim(18).build())
                .withMessage("nOut: takes a multiple of 4, for two sines and two cosines, received 18");
        ComputationGraph network = small().build().network();
        INDArray[] inputs = inputs(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.output(inputs[0], inputs[1], inputs[2].add(1)))
                .withMessageContaining("label: takes a class from 0 to 2, or 3 for none, received 4.0");
        assertThat(small().build().noClass()).isEqualTo(3);
    }
}
