package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.kernel.Penalty;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The gradients of the penalties {@code l1 · Σ|w| + l2 / 2 · Σw²}, added to a gradient in place. */
public final class PenaltyGradient {

    private PenaltyGradient() {}

    /** {@code gradient ← gradient + l1 · sign(w) + l2 · w}; the two have one shape and one type. */
    public static void add(INDArray w, INDArray gradient, double l1, double l2) {
        if (!w.equalShapes(gradient) || w.dataType() != gradient.dataType()) {
            throw new IllegalArgumentException("gradient: takes the shape and type of w, " + w.shapeInfoToString()
                    + ", received " + gradient.shapeInfoToString());
        }
        Contiguous weights = Contiguous.read(w);
        Contiguous sum = Contiguous.update(gradient);
        Penalty.addGradient(weights.memory(), sum.memory(), Math.toIntExact(w.length()), l1, l2);
        weights.keep();
        sum.finish();
    }
}
