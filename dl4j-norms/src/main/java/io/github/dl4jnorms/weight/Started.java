package io.github.dl4jnorms.weight;

import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An initializer that keeps the array it has filled, for the parameters after it that start from its values. */
final class Started implements Consumer<INDArray> {

    private final Consumer<INDArray> initializer;
    private INDArray array;

    Started(Consumer<INDArray> initializer) {
        this.initializer = initializer;
    }

    @Override
    public void accept(INDArray parameter) {
        initializer.accept(parameter);
        array = parameter;
    }

    INDArray array() {
        return array;
    }
}
