package io.github.dl4jnorms.execution;

import io.github.dl4jnorms.kernel.Memory;
import io.github.dl4jnorms.kernel.Transpose;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies between a row-major array and a view that is its equal but for two neighbouring groups of dimensions, which are the
 * other way round in the view's memory: a permuted array. ND4J's own copy of one takes ten times as long.
 */
final class TransposedCopy {

    private TransposedCopy() {}

    /** A group of dimensions that can be counted through with one stride. */
    private record Run(long size, long stride) {}

    /** Copies the view to the row-major array, unless its memory is laid out in another way: then nothing happens. */
    static boolean gather(INDArray view, INDArray rowMajor) {
        Transpose transpose = transpose(view);
        if (transpose == null) {
            return false;
        }
        transpose.gather(memory(view, transpose), Contiguous.memory(rowMajor, rowMajor.length()));
        Reference.reachabilityFence(view);
        Reference.reachabilityFence(rowMajor);
        return true;
    }

    /** Copies the row-major array to the view, unless its memory is laid out in another way: then nothing happens. */
    static boolean scatter(INDArray rowMajor, INDArray view) {
        Transpose transpose = transpose(view);
        if (transpose == null) {
            return false;
        }
        transpose.scatter(Contiguous.memory(rowMajor, rowMajor.length()), memory(view, transpose));
        Reference.reachabilityFence(view);
        Reference.reachabilityFence(rowMajor);
        return true;
    }

    private static Memory memory(INDArray view, Transpose t) {
        long last = (t.outer() - 1) * t.outerStride() + (t.columns() - 1) * t.columnStride() + t.rows() - 1;
        return Contiguous.memory(view, last + 1);
    }

    private static Transpose transpose(INDArray view) {
        List<Run> runs = runs(view);
        if (runs.size() == 2) {
            runs.add(0, new Run(1, 0));
        }
        if (runs.size() != 3) {
            return null;
        }
        Run outer = runs.get(0);
        Run rows = runs.get(1);
        Run columns = runs.get(2);
        if (rows.stride() != 1 || columns.stride() < rows.size() || outer.stride() < 0) {
            return null;
        }
        return new Transpose(
                Math.toIntExact(outer.size()),
                Math.toIntExact(rows.size()),
                Math.toIntExact(columns.size()),
                outer.stride(),
                columns.stride());
    }

    private static List<Run> runs(INDArray view) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < view.rank(); i++) {
            Run run = new Run(view.size(i), view.stride(i));
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (run.size() == 1) {
                continue;
            }
            if (last != null && last.stride() == run.size() * run.stride()) {
                runs.set(runs.size() - 1, new Run(last.size() * run.size(), run.stride()));
            } else {
                runs.add(run);
            }
        }
        return runs;
    }
}
