package io.github.dl4jnorms;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A graph that is built around given arrays, run once and thrown away: composed norms as eager functions. */
final class Evaluation {

    final SameDiff sameDiff = SameDiff.create();
    private final Map<String, INDArray> arrays = new HashMap<>();

    /** The variable of an array, null for null. */
    SDVariable variable(String name, INDArray array) {
        if (array == null) {
            return null;
        }
        arrays.put(name, array);
        return sameDiff.placeHolder(name, array.dataType(), array.shape());
    }

    void run(SDVariable variable, INDArray out) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            out.assign(sameDiff.outputSingle(arrays, variable.name()));
        }
    }
}
