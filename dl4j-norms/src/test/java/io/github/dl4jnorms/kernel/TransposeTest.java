package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransposeTest {

    @ParameterizedTest
    @EnumSource(Numbers.class)
    void gathersAndScattersOddSizesAndStrides(Numbers numbers) {
        int[][] sizes = {{1, 1, 1}, {1, 1, 7}, {3, 7, 1}, {2, 127, 129}, {1, 128, 256}, {5, 3, 130}, {1, 300, 5}};
        for (int[] s : sizes) {
            int outer = s[0], rows = s[1], columns = s[2];
            for (int gap : new int[] {0, 3}) {
                int columnStride = rows + gap;
                int outerStride = columns * columnStride + gap;
                double[] rowMajor = numbers.random(1, outer * rows * columns);
                double[] transposed = new double[outer * outerStride];
                for (int i = 0; i < rowMajor.length; i++) {
                    int o = i / (rows * columns), r = i / columns % rows, c = i % columns;
                    transposed[o * outerStride + c * columnStride + r] = rowMajor[i];
                }
                Transpose transpose = new Transpose(outer, rows, columns, outerStride, columnStride);
                Memory gathered = numbers.memory(rowMajor.length);
                transpose.gather(numbers.memory(transposed), gathered);
                assertThat(Numbers.values(gathered)).isEqualTo(rowMajor);
                Memory scattered = numbers.memory(transposed.length);
                transpose.scatter(numbers.memory(rowMajor), scattered);
                assertThat(Numbers.values(scattered))
                        .as("gaps stay as they are")
                        .isEqualTo(transposed);
            }
        }
    }
}
