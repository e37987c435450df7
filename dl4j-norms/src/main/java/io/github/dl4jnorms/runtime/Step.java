package io.github.dl4jnorms.runtime;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.shape.Reshape;
import org.nd4j.linalg.api.ops.impl.shape.ZerosLike;
import org.nd4j.linalg.api.ops.impl.transforms.same.Identity;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** One operation of a {@link Program}. */
final class Step {

    /** Elements of an array that takes longer to allocate than to compute. */
    private static final long SMALL = 1 << 14;

    private final SameDiff sameDiff;
    private final DifferentialFunction function;
    private final String[] inputs;
    private final String[] outputs;
    private final DataType[] outputTypes;
    /** Null for Java operations, which do without. */
    private final OpContext context;

    private long[][] lastInputShapes;
    private List<LongShapeDescriptor> lastOutputShapes;
    /** The outputs that are zeros, or small and seen by this program's user only: the same arrays again and again. */
    private final INDArray[] recycled;

    private final Set<String> leaving;

    /**
     * @param leaving variables whose arrays are handed on, so that each run takes new ones
     */
    Step(SameDiff sameDiff, SameDiffOp op, Set<String> leaving) {
        this.leaving = leaving;
        this.sameDiff = sameDiff;
        this.function = op.getOp();
        this.inputs =
                op.getInputsToOp() == null ? new String[0] : op.getInputsToOp().toArray(new String[0]);
        this.outputs = op.getOutputsOfOp().toArray(new String[0]);
        // an operation with several possible types does not know which one the graph has chosen
        this.outputTypes = op.getOutputsOfOp().stream()
                .map(output -> sameDiff.getVariable(output).dataType())
                .toArray(DataType[]::new);
        this.recycled = new INDArray[outputs.length];
        this.context = function instanceof JavaOp ? null : Nd4j.getExecutioner().buildContext();
        if (!(function instanceof DynamicCustomOp) && !(function instanceof Op)) {
            throw new IllegalArgumentException("graph: takes array operations without control flow, received "
                    + function.getClass().getSimpleName());
        }
    }

    /** The input that an output may be a view of, null if it cannot. Only the array at run time tells whether it is. */
    String viewSource(String output) {
        return isView() && outputs[0].equals(output) ? inputs[0] : null;
    }

    private boolean isView() {
        return function instanceof Identity || function instanceof Reshape;
    }

    void run(Map<String, INDArray> values, Program.Allocator allocator) {
        INDArray[] args = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            args[i] = value(inputs[i], values);
        }
        if (function instanceof Identity) {
            values.put(outputs[0], args[0]);
            return;
        }
        if (function instanceof ZerosLike) {
            // nobody writes to an array that he has not allocated, so they stay zeros
            values.put(outputs[0], recycled(0, args[0].dataType(), args[0].shape()));
            return;
        }
        if (function instanceof JavaOp java) {
            runJava(java, args, values, allocator);
            return;
        }
        try {
            if (function instanceof DynamicCustomOp custom) {
                runCustom(custom, args, values, allocator);
            } else {
                runLegacy((Op) function, args, values, allocator);
            }
        } finally {
            context.purge();
        }
    }

    private INDArray value(String name, Map<String, INDArray> values) {
        INDArray array = values.get(name);
        if (array == null) {
            SDVariable variable = sameDiff.getVariable(name);
            array = variable.isConstant() ? variable.getArr() : null;
        }
        if (array == null) {
            throw new IllegalStateException(
                    "No array for \"" + name + "\", an input of " + function.opName() + " " + function.getOwnName());
        }
        return array;
    }

    /** Without ND4J's executioner and its native context, which cost as much as a small operation. */
    private void runJava(JavaOp op, INDArray[] args, Map<String, INDArray> values, Program.Allocator allocator) {
        List<INDArray> taken = Arrays.asList(args);
        List<LongShapeDescriptor> shapes = outputShapes(args, () -> op.calculateOutputShape(taken));
        INDArray[] results = new INDArray[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            results[i] = allocate(i, shapes.get(i), values, allocator);
        }
        op.execute(taken, Arrays.asList(results));
    }

    private void runCustom(
            DynamicCustomOp op, INDArray[] args, Map<String, INDArray> values, Program.Allocator allocator) {
        context.setArgs(args, op.iArgs(), op.dArgs(), op.tArgs(), op.bArgs());
        List<LongShapeDescriptor> shapes = outputShapes(args, () -> op.calculateOutputShape(context));
        if (op instanceof Reshape && args[0].ordering() == 'c' && Shape.hasDefaultStridesForShape(args[0])) {
            values.put(outputs[0], args[0].reshape('c', shapes.get(0).getShape()));
            return;
        }
        for (int i = 0; i < outputs.length; i++) {
            context.setOutputArray(i, allocate(i, shapes.get(i), values, allocator));
        }
        Nd4j.exec(op, context);
    }

    /** Asks the operation only when the shapes of its inputs have changed: the question costs as much as a small operation. */
    private List<LongShapeDescriptor> outputShapes(INDArray[] args, Supplier<List<LongShapeDescriptor>> operation) {
        for (INDArray arg : args) {
            if (!arg.dataType().isFPType()) {
                return operation.get(); // integers may be a shape, or axes
            }
        }
        long[][] shapes = new long[args.length][];
        for (int i = 0; i < args.length; i++) {
            shapes[i] = args[i].shape();
        }
        if (!Arrays.deepEquals(shapes, lastInputShapes)) {
            lastOutputShapes = operation.get();
            lastInputShapes = shapes;
        }
        return lastOutputShapes;
    }

    /** Operations from before ND4J's custom ones: one output, and perhaps the axes or a scalar as second input. */
    private void runLegacy(Op op, INDArray[] args, Map<String, INDArray> values, Program.Allocator allocator) {
        context.setInputArray(0, args[0]);
        boolean reduced = op instanceof ReduceOp reduce && reduce.getOpType() != Op.Type.REDUCE3 && args.length == 2;
        if (reduced) {
            function.setDimensions(Shape.normalizeAxis(args[0].rank(), args[1].toIntVector()));
            ((BaseReduceOp) op).setEmptyReduce(false);
        } else if (op instanceof ScalarOp scalar && args.length == 2) {
            scalar.setScalar(args[1]);
            context.setInputArray(1, args[1]);
        } else if (args.length == 2) {
            context.setInputArray(1, args[1]);
        }
        LongShapeDescriptor shape = function.calculateOutputShape(context).get(0);
        INDArray out = allocate(0, shape, values, allocator);
        context.setOutputArray(0, out);
        if (op instanceof BaseReduceOp reduce && args[0].isVector() && args[0].length() == out.length()) {
            runVectorReduction(reduce, args[0], out);
        } else {
            Nd4j.exec(op, context);
        }
    }

    /**
     * A reduction of a vector over dimensions of length 1 only, to which ND4J answers with an array of its own instead of the
     * context's. With more dimensions of length 1 before them it is no vector any more.
     */
    private void runVectorReduction(BaseReduceOp op, INDArray x, INDArray out) {
        int[] dimensions = function.getDimensions();
        boolean some = dimensions != null && dimensions.length > 0 && dimensions[0] != Integer.MAX_VALUE;
        if (some) {
            function.setDimensions(IntStream.of(Shape.normalizeAxis(x.rank(), dimensions))
                    .map(dimension -> dimension + 2)
                    .toArray());
            context.setInputArray(0, deeper(x));
            context.setOutputArray(0, deeper(out));
        }
        Nd4j.exec(op, context);
        if (some) {
            function.setDimensions(dimensions);
        }
    }

    private static INDArray deeper(INDArray array) {
        return array.reshape(LongStream.concat(LongStream.of(1, 1), LongStream.of(array.shape()))
                .toArray());
    }

    private INDArray allocate(
            int output, LongShapeDescriptor shape, Map<String, INDArray> values, Program.Allocator allocator) {
        INDArray array = array(output, shape, allocator);
        values.put(outputs[output], array);
        return array;
    }

    private INDArray array(int output, LongShapeDescriptor descriptor, Program.Allocator allocator) {
        DataType type = outputTypes[output];
        if (descriptor.isEmpty()) {
            return Nd4j.create(descriptor.asDataType(type));
        }
        long[] shape = descriptor.getShape();
        if (leaving.contains(outputs[output]) || ArrayUtil.prodLong(shape) > SMALL) {
            return allocator.allocate(outputs[output], type, shape);
        }
        return recycled(output, type, shape);
    }

    private INDArray recycled(int output, DataType type, long[] shape) {
        INDArray array = recycled[output];
        if (array == null || array.dataType() != type || !Arrays.equals(array.shape(), shape)) {
            try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                array = Nd4j.create(type, shape);
            }
            recycled[output] = array;
        }
        return array;
    }
}
