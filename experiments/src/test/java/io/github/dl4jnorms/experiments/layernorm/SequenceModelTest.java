package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.convert.NormSpec;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.ops.transforms.Transforms;

class SequenceModelTest {
    private static final LayernormSettings.Model MODEL = new LayernormSettings.Model(8, 2, 2, 4, 1);

    @Test
    void onlyTheNormsDiffer() {
        ComputationGraph layerNorm = SequenceModel.create(NormSpec.parse("ln"), MODEL, 1);
        ComputationGraph none = SequenceModel.create(NormSpec.parse("none"), MODEL, 1);
        assertThat(layerNorm.numParams() - none.numParams())
                .as("γ and β of three norms")
                .isEqualTo(3 * 2 * 8);
        assertThat(layerNorm.getLayer("norm0").conf().getLayer().getClass().getSimpleName())
                .isEqualTo("LayerNorm");
    }

    @Test
    void theModelSeesNothingOfWhatComesLater() {
        ComputationGraph network = SequenceModel.create(NormSpec.parse("rms"), MODEL, 1);
        INDArray x = new Sums(2, new Random(1)).batch(1).getFeatures();
        INDArray before = network.outputSingle(x).dup();
        INDArray changed = x.dup();
        for (int c = 0; c < Sums.CHARACTERS.length(); c++) {
            changed.putScalar(0, c, 12, c == 11 ? 1 : 0);
        }
        INDArray after = network.outputSingle(changed);
        for (int t = 0; t < 20; t++) {
            double difference = after.tensorAlongDimension(t, 0, 1)
                    .sub(before.tensorAlongDimension(t, 0, 1))
                    .amaxNumber()
                    .doubleValue();
            if (t < 12) {
                assertThat(difference).as("character " + t).isLessThan(1e-6);
            } else if (t == 12) {
                assertThat(difference).as("character " + t).isGreaterThan(1e-4);
            }
        }
    }

    @Test
    void lossIsForEachCharacter() {
        ComputationGraph network = SequenceModel.create(NormSpec.parse("ln"), MODEL, 1);
        DataSet batch = new Sums(2, new Random(1)).batch(64);
        INDArray probabilities = network.outputSingle(batch.getFeatures());
        double expected = -batch.getLabels()
                        .mul(Transforms.log(probabilities))
                        .sumNumber()
                        .doubleValue()
                / (64 * 20);
        assertThat(SequenceTraining.loss(network, batch)).isEqualTo(expected, within(1e-4));
    }
}
