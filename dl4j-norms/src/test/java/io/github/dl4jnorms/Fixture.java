package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.assertClose;

import io.github.dl4jnorms.op.Fused;
import java.io.File;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What PyTorch computed: see {@code src/test/python/make_fixtures.py}. */
public record Fixture(String name, Map<String, INDArray> arrays) {

    private static final Logger log = LoggerFactory.getLogger(Fixture.class);

    public static Fixture of(String name) {
        try {
            File file = new File(
                    Fixture.class.getResource("/fixtures/" + name + ".npz").toURI());
            return new Fixture(name, Nd4j.createFromNpzFile(file));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("name: no fixture " + name, e);
        } catch (Exception e) {
            throw new UncheckedIOException(new java.io.IOException("fixture " + name, e));
        }
    }

    public INDArray get(String name, DataType type) {
        INDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("name: takes one of " + arrays.keySet() + ", received " + name);
        }
        return array.castTo(type);
    }

    public boolean has(String name) {
        return arrays.containsKey(name);
    }

    /**
     * Compares with PyTorch's array of this name, in the precision of ours. {@code -Dfixture.level=DEBUG} lets every
     * difference be printed.
     */
    public void check(String array, INDArray actual) {
        INDArray expected = get(array, DataType.DOUBLE);
        if (log.isDebugEnabled()) {
            String form = Fused.available() ? "fused" : "composed";
            log.debug(
                    "{} {} {} {} {}",
                    name,
                    form,
                    actual.dataType(),
                    array,
                    Arrays.relativeDifference(actual, expected));
        }
        assertClose(name + ": " + array, actual, expected);
    }
}
