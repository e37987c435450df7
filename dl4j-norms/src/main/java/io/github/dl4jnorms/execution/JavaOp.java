package io.github.dl4jnorms.execution;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.imports.converters.ImportClassMapping;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * A SameDiff operation whose arithmetic is Java. It has one output, and output i has the shape and the type of input i, as a
 * gradient has, unless a subclass says otherwise. SameDiff copies operations through flatbuffers, so that all of an
 * operation's attributes are its integer, floating-point and boolean arguments, and it has a constructor without parameters.
 */
public abstract class JavaOp extends DynamicCustomOp {

    protected JavaOp() {}

    protected JavaOp(SameDiff sameDiff, SDVariable... inputs) {
        super(sameDiff, inputs);
    }

    /** Makes SameDiff able to load and to differentiate graphs that hold this operation. */
    public static void register(JavaOp prototype) {
        ImportClassMapping.getOpNameMapping().put(prototype.opName(), prototype);
    }

    /**
     * Throws an {@link IllegalArgumentException} that names the input that is not what the operation takes. Any is here: a
     * gradient is made from a forward operation, whose inputs were checked.
     */
    public void check(List<INDArray> inputs) {}

    /**
     * Checks the inputs and computes the outputs, which are allocated and have the shapes that {@link #outputShapes} gives.
     * Outputs but the first may be left away.
     */
    public final void execute(List<INDArray> inputs, List<INDArray> outputs) {
        check(inputs);
        compute(inputs, outputs);
    }

    protected abstract void compute(List<INDArray> inputs, List<INDArray> outputs);

    /** The shape of each output, for inputs that {@link #check} has let pass. */
    protected long[][] outputShapes(List<INDArray> inputs) {
        return inputs.stream().limit(getNumOutputs()).map(INDArray::shape).toArray(long[][]::new);
    }

    @Override
    public int getNumOutputs() {
        return 1;
    }

    /** The operation's name. The inherited constructor asks for it, so that it cannot be a field. */
    @Override
    public abstract String opName();

    @Override
    public List<LongShapeDescriptor> calculateOutputShape() {
        return calculateOutputShape(inputArguments());
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(OpContext context) {
        return calculateOutputShape(context.getInputArrays());
    }

    /** The shapes and types of the outputs for these inputs, which are checked. */
    public final List<LongShapeDescriptor> calculateOutputShape(List<INDArray> inputs) {
        if (inputs.isEmpty()) {
            return Collections.emptyList();
        }
        check(inputs);
        List<DataType> types =
                calculateOutputDataTypes(inputs.stream().map(INDArray::dataType).toList());
        long[][] shapes = outputShapes(inputs);
        return IntStream.range(0, shapes.length)
                .mapToObj(i -> LongShapeDescriptor.fromShape(shapes[i], types.get(i)))
                .toList();
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
        return inputs.subList(0, getNumOutputs());
    }

    @Override
    public Map<String, Object> propertiesForFunction() {
        return Collections.emptyMap();
    }

    @Override
    public void setPropertiesForFunction(Map<String, Object> properties) {
        // the attributes are arguments
    }
}
