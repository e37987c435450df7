package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.op.ChannelNormArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * This library. The forward pass is the function of {@link Norms} with {@code out}, as a user calls it; BatchNorm's in training
 * and the backward passes, which have none, are the operations that a graph of {@link SDNorms} would run.
 */
final class OurPeer implements KernelPeer {
    static final String NAME = "ours";

    static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Work work) {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        INDArray x = Recycled.array(Recycled.Role.X, work.shape());
        INDArray out = Recycled.array(Recycled.Role.OUT, work.shape());
        INDArray gamma = Recycled.vector(work.channels(), 1);
        INDArray beta = work.norm().centred() ? Recycled.vector(work.channels(), 0) : null;
        if (work.forward()) {
            return switch (work.norm()) {
                case LAYER -> () -> Norms.layerNorm(x, -1, gamma, beta, EPSILON, out);
                case RMS -> () -> Norms.rmsNorm(x, -1, gamma, EPSILON, out);
                case GROUP -> () -> Norms.groupNorm(x, Norm.GROUPS, gamma, beta, EPSILON, out);
                case INSTANCE -> () -> Norms.instanceNorm(x, gamma, beta, EPSILON, out);
                case BATCH -> {
                    List<INDArray> inputs = List.of(x, gamma, beta);
                    JavaOp op = operation(graph(work), false);
                    List<INDArray> outputs = outputs(op, inputs, out);
                    yield () -> op.execute(inputs, outputs);
                }
            };
        }
        SameDiff graph = graph(work);
        List<INDArray> affine = Stream.of(gamma, beta).filter(v -> v != null).toList();
        List<INDArray> inputs = new ArrayList<>(List.of(x));
        inputs.addAll(affine);
        JavaOp forward = operation(graph, false);
        List<INDArray> statistics = outputs(forward, inputs, out);
        forward.execute(inputs, statistics);
        graph.createGradFunction("x");
        JavaOp backward = operation(graph.getFunction("grad"), true);
        List<INDArray> all = new ArrayList<>(List.of(x, Recycled.array(Recycled.Role.DY, work.shape())));
        all.addAll(statistics.subList(1, 3));
        if (!work.norm().perRow()) { // the statistics' own gradients
            all.add(statistics.get(1).like());
            all.add(statistics.get(2).like());
        }
        all.addAll(affine);
        List<INDArray> gradients = outputs(backward, all, Recycled.result(work));
        return () -> backward.execute(all, gradients);
    }

    /** The norm as a graph whose loss is the sum of its output. */
    private static SameDiff graph(Work work) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.FLOAT, work.shape().sizes());
        SDVariable gamma = sd.var("gamma", DataType.FLOAT, work.channels());
        SDVariable beta = work.norm().centred() ? sd.var("beta", DataType.FLOAT, work.channels()) : null;
        SDVariable y = switch (work.norm()) {
            case LAYER -> SDNorms.layerNorm(sd, x, -1, gamma, beta, EPSILON);
            case RMS -> SDNorms.rmsNorm(sd, x, -1, gamma, EPSILON);
            case GROUP -> SDNorms.groupNorm(sd, x, Norm.GROUPS, gamma, beta, EPSILON);
            case INSTANCE -> SDNorms.instanceNorm(sd, x, gamma, beta, EPSILON);
            case BATCH ->
                SDNorms.batchNormTraining(
                                sd,
                                x,
                                gamma,
                                beta,
                                ChannelNormArgs.of(ChannelNormArgs.PER_CHANNEL, false, gamma, beta, EPSILON, 1))
                        .output();
        };
        y.sum().markAsLoss();
        return sd;
    }

    private static JavaOp operation(SameDiff graph, boolean gradient) {
        return Stream.of(graph.ops())
                .filter(op -> op instanceof JavaOp && op.opName().endsWith("_bp") == gradient)
                .map(JavaOp.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the fused norms are off"));
    }

    /** {@code first}, and new arrays for the operation's small outputs. */
    private static List<INDArray> outputs(JavaOp op, List<INDArray> inputs, INDArray first) {
        op.clearArrays();
        op.addInputArgument(inputs.toArray(new INDArray[0]));
        List<INDArray> outputs = new ArrayList<>(List.of(first));
        op.calculateOutputShape().stream().skip(1).forEach(shape -> outputs.add(Nd4j.create(shape, false)));
        return outputs;
    }
}
