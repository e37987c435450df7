package io.github.dl4jnorms;

import static org.assertj.core.api.Assertions.assertThat;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Comparing arrays. */
public final class Arrays {

    private Arrays() {}

    /** What a result may be off by, relative to the largest magnitude expected. */
    public static double tolerance(DataType type) {
        return type == DataType.DOUBLE ? 1e-12 : 2e-5;
    }

    public static void assertClose(String what, INDArray actual, INDArray expected) {
        assertThat(actual.shape()).as(what + ": shape").isEqualTo(expected.shape());
        double scale = Math.max(1, expected.castTo(DataType.DOUBLE).amaxNumber().doubleValue());
        assertThat(difference(actual, expected) / scale)
                .as(what + ": largest difference")
                .isLessThan(tolerance(actual.dataType()));
    }

    public static double difference(INDArray a, INDArray b) {
        INDArray difference = a.castTo(DataType.DOUBLE).sub(b.castTo(DataType.DOUBLE));
        return Transforms.abs(difference).maxNumber().doubleValue();
    }
}
