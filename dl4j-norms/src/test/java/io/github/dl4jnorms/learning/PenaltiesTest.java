package io.github.dl4jnorms.learning;

import static io.github.dl4jnorms.Arrays.difference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

class PenaltiesTest {

    private final List<Regularization> parts = List.of(new L1Regularization(0.3), new L2Regularization(0.7));

    /** The lengths take a part of a piece, many pieces, and more than one thread. */
    @ParameterizedTest
    @CsvSource({"1, FLOAT", "37, DOUBLE", "2049, FLOAT", "200001, FLOAT", "140001, DOUBLE"})
    void doWhatTheirPartsDo(int length, DataType type) {
        INDArray w = Nd4j.randn(type, 1, length);
        INDArray expected = Nd4j.randn(type, 1, length);
        INDArray fused = expected.dup();
        double score = 0;
        for (Regularization part : parts) {
            part.apply(w, expected, 0.1, 0, 0);
            score += part.score(w, 0, 0);
        }
        Regularization penalties = Penalties.fused(parts).get(0);
        penalties.apply(w, fused, 0.1, 0, 0);

        double tolerance = type == DataType.FLOAT ? 1e-6 : 1e-14;
        assertThat(difference(fused, expected)).as("from w %s", w).isLessThanOrEqualTo(tolerance);
        assertThat(penalties.score(w, 0, 0)).isCloseTo(score, withinPercentage(1e-10));
        assertThat(penalties.applyStep()).isEqualTo(parts.get(0).applyStep());
    }

    @Test
    void aZeroWeightHasNoSign() {
        INDArray g = Nd4j.zeros(DataType.FLOAT, 1, 3);
        Penalties.fused(parts).get(0).apply(Nd4j.createFromArray(new float[][] {{0, -2, 1e-40f}}), g, 0.1, 0, 0);
        assertThat(g.getDouble(0)).isZero();
        assertThat(g.getDouble(1)).isCloseTo(-0.3 - 1.4, within(1e-6));
        assertThat(g.getDouble(2)).isCloseTo(0.3, within(1e-6));
    }

    @Test
    void viewsKeepTheirNeighbours() {
        INDArray all = Nd4j.zeros(DataType.DOUBLE, 4, 6);
        INDArray w = Nd4j.ones(DataType.DOUBLE, 3, 4).transpose();
        INDArray middle = all.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 4));
        Penalties.fused(parts).get(0).apply(w, middle, 0.1, 0, 0);
        assertThat(all.getDouble(0, 1)).isEqualTo(1.0, within(1e-12));
        assertThat(all.sumNumber().doubleValue()).isEqualTo(12, within(1e-9));
    }

    @Test
    void whateverElseThereIsStaysAsItIs() {
        List<Regularization> decay = List.of(new L2Regularization(0.1), new WeightDecay(0.1, true));
        assertThat(Penalties.fused(decay)).isSameAs(decay);
        assertThat(Penalties.fused(null)).isNull();
    }
}
