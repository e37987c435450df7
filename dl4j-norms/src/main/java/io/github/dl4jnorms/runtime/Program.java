package io.github.dl4jnorms.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations of a SameDiff graph that compute some variables from others, in order. Runs them one after another without
 * SameDiff's session: no dependency tracking, no copies, and every array where the caller wants it.
 */
final class Program {

    /** Where the array of a variable comes from that is large or leaves. Its contents may be anything. */
    @FunctionalInterface
    interface Allocator {
        INDArray allocate(String variable, DataType type, long[] shape);
    }

    private final List<Step> steps = new ArrayList<>();
    private final Set<String> reads = new HashSet<>();
    private final Set<String> writes = new HashSet<>();
    private final Set<String> leavingStorage = new HashSet<>();

    /**
     * @param given variables whose arrays are there when the program runs
     * @param leaving variables that it computes, whose arrays are handed on to DL4J
     * @param staying variables that it computes too, whose arrays are valid until the next run
     */
    Program(SameDiff sameDiff, Collection<String> given, Collection<String> leaving, Collection<String> staying) {
        List<String> wanted = new ArrayList<>(leaving);
        wanted.addAll(staying);
        Set<String> needed = new HashSet<>(wanted);
        List<SameDiffOp> ops = new ArrayList<>(sameDiff.getOps().values());
        for (int i = ops.size() - 1; i >= 0; i--) {
            SameDiffOp op = ops.get(i);
            boolean computes = op.getOutputsOfOp().stream().anyMatch(v -> needed.contains(v) && !given.contains(v));
            if (computes) {
                steps.add(0, new Step(sameDiff, op, leavingStorage));
                writes.addAll(op.getOutputsOfOp());
                if (op.getInputsToOp() != null) {
                    needed.addAll(op.getInputsToOp());
                }
            }
        }
        reads.addAll(needed);
        leaving.forEach(variable -> leavingStorage.addAll(storageOf(variable)));
    }

    /** The variables that this program wants or reads. */
    Set<String> reads() {
        return reads;
    }

    /** The variables that this program computes, wanted or not. */
    Set<String> writes() {
        return writes;
    }

    /** The variables in whose memory the given one may be: itself, and whatever it may be a view of. */
    Set<String> storageOf(String variable) {
        Set<String> storage = new HashSet<>(Set.of(variable));
        for (int i = steps.size() - 1; i >= 0; i--) {
            String source = steps.get(i).viewSource(variable);
            if (source != null) {
                variable = source;
                storage.add(variable);
            }
        }
        return storage;
    }

    /** Runs the operations on the given values, to which it adds what it computes. */
    void run(Map<String, INDArray> values, Allocator allocator) {
        for (Step step : steps) {
            step.run(values, allocator);
        }
    }
}
