package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.execution.JavaOp;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution by {@link OneDnnConvolution}: inputs x, weights [out, in, height, width] and perhaps the bias, all floats;
 * output y.
 */
final class ConvolutionOp extends JavaOp {

    /** What of the backward pass somebody asks for: the gradient of x, those of the weights and the bias. */
    record Wanted(boolean input, boolean parameters) {}

    ConvolutionOp(
            SameDiff sameDiff,
            int[] stride,
            int[] padding,
            int[] dilation,
            boolean channelsLast,
            Wanted wanted,
            SDVariable... inputs) {
        super(sameDiff, inputs);
        addIArgument(stride);
        addIArgument(padding);
        addIArgument(dilation);
        addBArgument(channelsLast, wanted.input, wanted.parameters);
    }

    @Override
    public String opName() {
        return "dl4jnorms_conv2d";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long in = inputs.get(1).size(1);
        boolean channelsLast = bArgs()[0];
        if (x.rank() != 4 || x.size(channelsLast ? 3 : 1) != in) {
            throw new IllegalArgumentException(
                    "x: takes " + (channelsLast ? "[N, H, W, " + in + "]" : "[N, " + in + ", H, W]") + ", received "
                            + Arrays.toString(x.shape()));
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        List<Long> y = geometry(inputs.get(0), inputs.get(1), false, iArgs(), bArgs()[0])
                .y();
        return new long[][] {
            bArgs()[0]
                    ? new long[] {y.get(0), y.get(2), y.get(3), y.get(1)}
                    : new long[] {y.get(0), y.get(1), y.get(2), y.get(3)}
        };
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray bias = inputs.size() > 2 ? inputs.get(2) : null;
        OneDnnConvolution.forward(
                geometry(inputs.get(0), inputs.get(1), bias != null, iArgs(), bArgs()[0]),
                inputs.get(0),
                inputs.get(1),
                bias,
                outputs.get(0));
    }

    private static OneDnnConvolution.Geometry geometry(
            INDArray x, INDArray weight, boolean bias, long[] numbers, boolean channelsLast) {
        int rows = channelsLast ? 1 : 2;
        long[] out = new long[2];
        for (int i = 0; i < 2; i++) {
            long reach = numbers[4 + i] * (weight.size(2 + i) - 1) + 1;
            out[i] = (x.size(rows + i) + 2 * numbers[2 + i] - reach) / numbers[i] + 1;
        }
        return new OneDnnConvolution.Geometry(
                List.of(x.size(0), weight.size(1), x.size(rows), x.size(rows + 1)),
                list(weight.shape()),
                List.of(x.size(0), weight.size(0), out[0], out[1]),
                bias,
                List.of(numbers[0], numbers[1]),
                List.of(numbers[2], numbers[3]),
                List.of(numbers[4], numbers[5]),
                channelsLast);
    }

    private static List<Long> list(long[] values) {
        return LongStream.of(values).boxed().toList();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        SDVariable[] given = new Gradient(this, gradients.get(0)).outputVariables();
        SDVariable[] all = new SDVariable[args().length];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            all[i] = wanted(i) ? given[next++] : null;
        }
        return Arrays.asList(all);
    }

    /** Whether somebody asks for the gradient of an input. */
    private boolean wanted(int input) {
        return bArgs()[input == 0 ? 1 : 2];
    }

    /** Inputs x, weights, dy; outputs those of the gradients of x, the weights and the bias that are wanted. */
    private static final class Gradient extends JavaOp {

        private final int[] wanted;
        private final boolean bias;

        Gradient(ConvolutionOp forward, SDVariable dy) {
            super(forward.getSameDiff(), forward.arg(0), forward.arg(1), dy);
            this.bias = forward.args().length > 2;
            this.wanted = IntStream.range(0, forward.args().length)
                    .filter(forward::wanted)
                    .toArray();
            addIArgument(forward.iArgs());
            addBArgument(forward.bArgs());
        }

        @Override
        public String opName() {
            return "dl4jnorms_conv2d_bp";
        }

        @Override
        public int getNumOutputs() {
            return wanted.length;
        }

        @Override
        protected long[][] outputShapes(List<INDArray> inputs) {
            long[] weight = inputs.get(1).shape();
            long[][] all = {inputs.get(0).shape(), weight, {weight[0]}};
            return IntStream.of(wanted).mapToObj(i -> all[i]).toArray(long[][]::new);
        }

        @Override
        public List<DataType> calculateOutputDataTypes(List<DataType> inputs) {
            return Collections.nCopies(wanted.length, inputs.get(0));
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            INDArray[] all = new INDArray[3];
            for (int i = 0; i < wanted.length; i++) {
                all[wanted[i]] = outputs.get(i);
            }
            OneDnnConvolution.backward(
                    geometry(inputs.get(0), inputs.get(1), bias, iArgs(), bArgs()[0]),
                    inputs.get(0),
                    inputs.get(1),
                    inputs.get(2),
                    all[0],
                    all[1],
                    all[2]);
        }
    }
}
