package io.github.dl4jnorms.samediff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Comparing arrays, with one another and with fixtures. */
public final class Compare {

    private Compare() {}

    /** Fails where the largest difference is above the tolerance, relative to the largest magnitude expected. */
    public static void assertClose(String what, INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).as(what + ": shape").isEqualTo(expected.shape());
        INDArray exact = expected.castTo(DataType.DOUBLE);
        double scale = Math.max(1, exact.amaxNumber().doubleValue());
        double difference =
                actual.castTo(DataType.DOUBLE).sub(exact).amaxNumber().doubleValue();
        assertThat(difference / scale).as(what + ": largest difference").isLessThan(tolerance);
    }

    /** The arrays of a fixture that a script in {@code src/test/python} wrote. */
    public static Map<String, INDArray> npz(String resource) {
        try {
            return Nd4j.createFromNpzFile(
                    new File(Compare.class.getResource(resource).toURI()));
        } catch (Exception e) {
            throw new IllegalStateException("fixture " + resource, e);
        }
    }
}
