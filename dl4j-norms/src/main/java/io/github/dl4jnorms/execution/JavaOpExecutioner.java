package io.github.dl4jnorms.execution;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's CPU executioner, which runs a {@link JavaOp} in Java and hands every other operation on. */
public class JavaOpExecutioner extends NativeOpExecutioner {

    @Override
    public INDArray[] exec(CustomOp op) {
        if (!(op instanceof JavaOp javaOp)) {
            return super.exec(op);
        }
        if (op.numOutputArguments() == 0) {
            for (LongShapeDescriptor shape : javaOp.calculateOutputShape()) {
                op.addOutputArgument(Nd4j.create(shape, false));
            }
        }
        return run(javaOp, op.inputArguments(), op.outputArguments());
    }

    @Override
    public INDArray[] exec(CustomOp op, OpContext context) {
        return op instanceof JavaOp javaOp
                ? run(javaOp, context.getInputArrays(), context.getOutputArrays())
                : super.exec(op, context);
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(CustomOp op) {
        return op instanceof JavaOp javaOp ? javaOp.calculateOutputShape() : super.calculateOutputShape(op);
    }

    private static INDArray[] run(JavaOp op, List<INDArray> inputs, List<INDArray> outputs) {
        op.execute(inputs, outputs);
        return outputs.toArray(new INDArray[0]);
    }
}
