package io.github.dl4jnorms.experiments.detect;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.arbiter.optimize.api.AbstractParameterSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;

/** The grid in Arbiter's terms: norms times batch sizes, the norms changing fastest. */
@SuppressWarnings("rawtypes") // Arbiter's own signature
final class GridPointSpace extends AbstractParameterSpace<GridPoint> {
    private final ParameterSpace<String> norms;
    private final ParameterSpace<Integer> batchSizes;

    GridPointSpace(List<String> norms, List<Integer> batchSizes) {
        this.norms = axis(norms);
        this.batchSizes = axis(batchSizes);
    }

    /** Arbiter's grid leaves a discrete space of one value out of its vector but still counts its index. */
    private static <T> ParameterSpace<T> axis(List<T> values) {
        return values.size() == 1 ? new FixedValue<>(values.get(0)) : new DiscreteParameterSpace<>(values);
    }

    @Override
    public GridPoint getValue(double[] vector) {
        return new GridPoint(norms.getValue(vector), batchSizes.getValue(vector));
    }

    @Override
    public int numParameters() {
        return norms.numParameters() + batchSizes.numParameters();
    }

    @Override
    public List<ParameterSpace> collectLeaves() {
        List<ParameterSpace> leaves = new ArrayList<>(norms.collectLeaves());
        leaves.addAll(batchSizes.collectLeaves());
        return leaves;
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        throw new UnsupportedOperationException("only the leaves have indices");
    }
}
