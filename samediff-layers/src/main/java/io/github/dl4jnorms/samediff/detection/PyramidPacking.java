package io.github.dl4jnorms.samediff.detection;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.SplitV;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Pyramid levels {@code [N, C, H, W]} side by side in one array {@code [N, C, L]}, L the sum of their H · W. */
final class PyramidPacking {

    private PyramidPacking() {}

    static SDVariable pack(SameDiff sd, SDVariable... levels) {
        SDVariable[] rows = new SDVariable[levels.length];
        for (int l = 0; l < levels.length; l++) {
            SDVariable shape = sd.shape(levels[l]);
            SDVariable target = sd.concat(0, sd.slice(shape, new int[] {0}, 2), sd.constant(Nd4j.createFromArray(-1L)));
            rows[l] = sd.reshape(levels[l], target);
        }
        return sd.concat(2, rows);
    }

    /** Undoes {@link #pack}: levels with the heights and widths of {@code like}. */
    static SDVariable[] unpack(SameDiff sd, SDVariable packed, SDVariable... like) {
        SDVariable[] areas = new SDVariable[like.length];
        for (int l = 0; l < like.length; l++) {
            areas[l] = sd.prod(sd.slice(sd.shape(like[l]), new int[] {2}, 2), true, 0);
        }
        SDVariable[] rows = new DifferentiableSplit(sd, packed, sd.concat(0, areas), like.length).outputVariables();
        for (int l = 0; l < like.length; l++) {
            rows[l] = sd.reshape(rows[l], sd.shape(like[l]));
        }
        return rows;
    }

    static INDArray pack(INDArray... levels) {
        INDArray[] rows = Arrays.stream(levels)
                .map(x -> x.reshape(x.size(0), x.size(1), 1, x.size(2) * x.size(3)))
                .toArray(INDArray[]::new);
        return Nd4j.concat(3, rows);
    }

    /** Undoes {@link #pack} of arrays: square levels of these sizes. */
    static INDArray[] unpack(INDArray packed, int... sizes) {
        INDArray[] levels = new INDArray[sizes.length];
        long from = 0;
        for (int l = 0; l < sizes.length; l++) {
            long area = (long) sizes[l] * sizes[l];
            levels[l] = packed.get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(from, from + area))
                    .dup('c')
                    .reshape(packed.size(0), packed.size(1), sizes[l], sizes[l]);
            from += area;
        }
        return levels;
    }

    /** ND4J's split into pieces of given sizes along dimension 2, which has no gradient of its own. */
    private static final class DifferentiableSplit extends SplitV {

        DifferentiableSplit(SameDiff sd, SDVariable packed, SDVariable sizes, int pieces) {
            super(sd, packed, sizes, pieces, 2);
        }

        @Override
        public List<SDVariable> doDiff(List<SDVariable> gradients) {
            return List.of(sameDiff.concat(2, gradients.toArray(new SDVariable[0])));
        }
    }
}
