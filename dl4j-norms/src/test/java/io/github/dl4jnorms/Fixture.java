package io.github.dl4jnorms;

import java.io.File;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What PyTorch computed: see {@code src/test/python/make_fixtures.py}. */
public record Fixture(Map<String, INDArray> arrays) {

    public static Fixture of(String name) {
        try {
            File file = new File(
                    Fixture.class.getResource("/fixtures/" + name + ".npz").toURI());
            return new Fixture(Nd4j.createFromNpzFile(file));
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
}
