package io.github.dl4jnorms.experiments.layernorm;

import java.util.EnumMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The norms composed of SameDiff's own operations, in one graph, so that they share the memory that it keeps. */
final class ComposedGraph implements AutoCloseable {
    private final SameDiff graph = SameDiff.create();
    private final Map<Norm, String> outputs = new EnumMap<>(Norm.class);

    ComposedGraph(int dim) {
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, -1, dim);
        SDVariable gamma = graph.placeHolder("gamma", DataType.FLOAT, dim);
        SDVariable beta = graph.placeHolder("beta", DataType.FLOAT, dim);
        for (Norm norm : Norm.values()) {
            outputs.put(norm, norm.composed(graph, x, gamma, beta).name());
        }
    }

    /** The normalized array, which the caller closes: it is large. */
    INDArray run(Norm norm, INDArray x, INDArray gamma, INDArray beta) {
        String output = outputs.get(norm);
        return graph.output(Map.of("x", x, "gamma", gamma, "beta", beta), output)
                .get(output);
    }

    /** Gives back the arrays that SameDiff keeps for the next run. */
    @Override
    public void close() {
        graph.getSessions().values().forEach(session -> session.getMmgr().close());
    }
}
