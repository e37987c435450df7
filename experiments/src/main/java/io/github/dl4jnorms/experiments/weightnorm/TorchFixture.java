package io.github.dl4jnorms.experiments.weightnorm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What PyTorch computed: arrays by name, made by {@code src/main/python/make_weightnorm_fixtures.py}. An array "….steps" has a
 * step of training in each row.
 */
record TorchFixture(Map<String, INDArray> arrays) {
    private static final String STEPS = ".steps";

    static TorchFixture of(String name) {
        Map<String, INDArray> arrays = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(TorchFixture.class.getResourceAsStream(name + ".npz"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] npy = zip.readAllBytes();
                arrays.put(
                        entry.getName().replace(".npy", ""),
                        Nd4j.createNpyFromInputStream(new ByteArrayInputStream(npy)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TorchFixture(arrays);
    }

    INDArray get(String name) {
        return arrays.get(name);
    }

    double number(String name) {
        return get(name).getDouble(0);
    }

    int steps(String name) {
        return (int) get(name + STEPS).size(0);
    }

    INDArray step(String name, int step) {
        return get(name + STEPS).get(NDArrayIndex.point(step)).dup('c');
    }
}
