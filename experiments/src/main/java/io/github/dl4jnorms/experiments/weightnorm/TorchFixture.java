package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Npz;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What PyTorch computed: arrays by name, made by {@code src/main/python/make_weightnorm_fixtures.py}. An array "….steps" has a
 * step of training in each row.
 */
record TorchFixture(Map<String, INDArray> arrays) {
    private static final String STEPS = ".steps";

    static TorchFixture of(String name) {
        return new TorchFixture(Npz.read(TorchFixture.class, name + ".npz"));
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
