package io.github.dl4jnorms;

import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.op.Fused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a norm at once: its fused operation, or its composed form in a graph that is built around the arrays and thrown away.
 */
final class Evaluation {

    private Evaluation() {}

    /** The composed form. */
    @FunctionalInterface
    interface Composition {
        /** The outputs; {@code inputs} has null for null. */
        SDVariable[] build(SameDiff sd, SDVariable... inputs);
    }

    /**
     * Checks the inputs and computes the outputs.
     *
     * @param op the fused operation
     * @param inputs null for those that are not given
     */
    static void run(JavaOp op, Composition composed, List<INDArray> outputs, INDArray... inputs) {
        List<INDArray> given = Stream.of(inputs).filter(Objects::nonNull).toList();
        if (Fused.available()) {
            op.execute(given, outputs);
            return;
        }
        op.check(given);
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            SameDiff sd = SameDiff.create();
            Map<String, INDArray> arrays = new HashMap<>();
            SDVariable[] variables = new SDVariable[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i] != null) {
                    variables[i] = sd.placeHolder("input" + i, inputs[i].dataType(), inputs[i].shape());
                    arrays.put("input" + i, inputs[i]);
                }
            }
            SDVariable[] results = composed.build(sd, variables);
            List<String> names = Stream.of(results)
                    .limit(outputs.size())
                    .map(SDVariable::name)
                    .toList();
            Map<String, INDArray> values = sd.output(arrays, names);
            for (int i = 0; i < outputs.size(); i++) {
                outputs.get(i).assign(values.get(names.get(i)));
            }
        }
    }
}
