package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class SumsTest {
    private final Sums sums = new Sums(3, new Random(1));

    @RepeatedTest(20)
    void sumsAreRight() {
        String sum = sums.sum();
        assertThat(sum).hasSize(Sums.LENGTH).matches("\\d\\d\\+\\d\\d=\\d\\d\\d;");
        assertThat(forwards(sum, 0, 2) + forwards(sum, 3, 5)).isEqualTo(forwards(sum, 6, 9));
    }

    private static int forwards(String text, int from, int to) {
        return Integer.parseInt(
                new StringBuilder(text.substring(from, to)).reverse().toString());
    }

    @Test
    void labelsAreTheNextCharacters() {
        DataSet batch = sums.batch(4);
        assertThat(batch.getFeatures().shape()).containsExactly(4, 13, 30);
        INDArray features = Nd4j.argMax(batch.getFeatures(), 1);
        INDArray labels = Nd4j.argMax(batch.getLabels(), 1);
        assertThat(batch.getFeatures().sumNumber().intValue()).isEqualTo(4 * 30);
        for (int t = 1; t < 30; t++) {
            assertThat(features.getInt(2, t)).isEqualTo(labels.getInt(2, t - 1));
        }
        assertThat(features.getInt(2, 0)).as("a sequence starts behind a sum").isEqualTo(Sums.CHARACTERS.indexOf(';'));
    }

    @Test
    void sixOfTenCharactersFollowAndTheRestIsTheEntropy() {
        StringBuilder follow = new StringBuilder();
        for (int i = 0; i < Sums.LENGTH; i++) {
            follow.append(Sums.follows(i) ? "dd+dd=ddd;".charAt(i) : '.');
        }
        assertThat(follow).hasToString("..+..=ddd;");
        assertThat(Sums.entropy()).isEqualTo(0.921, within(5e-4));
    }
}
