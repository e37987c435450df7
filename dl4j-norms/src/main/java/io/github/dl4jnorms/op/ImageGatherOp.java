package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.kernel.ImageGather;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nearest-neighbour upsampling of images and then reflection padding, in one pass over memory: each row and column is repeated
 * {@code scale} times; then {@code before} and {@code after} rows and columns are put around, which mirror the image at its
 * first and last ones, those not repeated. FLOAT, {@code [N, C, H, W]} or {@code [N, H, W, C]}.
 */
public final class ImageGatherOp extends JavaOp {

    private static final int[] NONE = {0, 0};

    /** For SameDiff, which clones operations. */
    public ImageGatherOp() {}

    private ImageGatherOp(
            SameDiff sameDiff, SDVariable x, int[] scale, int[] before, int[] after, boolean channelsLast) {
        super(sameDiff, x);
        addArguments(scale, before, after, channelsLast);
    }

    private void addArguments(int[] scale, int[] before, int[] after, boolean channelsLast) {
        addIArgument(scale);
        addIArgument(before);
        addIArgument(after);
        addBArgument(channelsLast);
    }

    /** Each row and column of a variable repeated, {@code scale} being the vertical and the horizontal factor. */
    public static SDVariable upsample(SameDiff sameDiff, SDVariable x, int[] scale, boolean channelsLast) {
        return new ImageGatherOp(sameDiff, x, scale, NONE, NONE, channelsLast).outputVariable();
    }

    /** A variable with as many rows and columns of reflection on each side. */
    public static SDVariable reflectionPad(SameDiff sameDiff, SDVariable x, int[] padding, boolean channelsLast) {
        return new ImageGatherOp(sameDiff, x, new int[] {1, 1}, padding, padding, channelsLast).outputVariable();
    }

    /** For {@link #execute} without a graph: rows and columns of reflection at the bottom and at the right. */
    public static ImageGatherOp reflectionPadAfter(int rows, int columns) {
        ImageGatherOp op = new ImageGatherOp();
        op.addArguments(new int[] {1, 1}, NONE, new int[] {rows, columns}, false);
        return op;
    }

    /** For {@link #execute} without a graph: each row and column of channels-first images repeated so many times. */
    public static ImageGatherOp upsample(int scale) {
        ImageGatherOp op = new ImageGatherOp();
        op.addArguments(new int[] {scale, scale}, NONE, NONE, false);
        return op;
    }

    @Override
    public String opName() {
        return "dl4jnorms_image_gather";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        if (x.rank() != 4 || x.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "x: takes FLOAT images of rank 4, received " + Arrays.toString(x.shape()) + " " + x.dataType());
        }
        long[] args = iArgs();
        for (int i = 0; i < 2; i++) {
            requirePadding(Math.max(args[2 + i], args[4 + i]), x.size((bArgs()[0] ? 1 : 2) + i) * args[i]);
        }
    }

    /** Throws unless there are more rows or columns than are to be reflected: the edge itself is not. */
    private static void requirePadding(long padding, long size) {
        if (padding >= size) {
            throw new IllegalArgumentException(
                    "padding: reflection takes less than the image's size " + size + ", received " + padding);
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        long[] args = iArgs();
        int first = bArgs()[0] ? 1 : 2;
        long[] shape = inputs.get(0).shape().clone();
        for (int i = 0; i < 2; i++) {
            shape[first + i] = shape[first + i] * args[i] + args[2 + i] + args[4 + i];
        }
        return new long[][] {shape};
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        Contiguous x = Contiguous.read(inputs.get(0));
        Contiguous y = Contiguous.write(outputs.get(0));
        kernel(iArgs(), bArgs()[0], x.original().shape()).forward(x.memory(), y.memory());
        x.keep();
        y.finish();
    }

    private static ImageGather kernel(long[] args, boolean channelsLast, long[] x) {
        int first = channelsLast ? 1 : 2;
        int height = (int) x[first];
        int width = (int) x[first + 1];
        int planes = Math.toIntExact(channelsLast ? x[0] : x[0] * x[1]);
        int channels = channelsLast ? (int) x[3] : 1; // of one pixel, side by side
        int[] columns = sources(args, 1, width);
        int[] elements = IntStream.range(0, columns.length * channels)
                .map(e -> columns[e / channels] * channels + e % channels)
                .toArray();
        return new ImageGather(planes, height, width * channels, sources(args, 0, height), elements);
    }

    /** By row or column of the output, that of the input. */
    private static int[] sources(long[] args, int i, int size) {
        int scale = (int) args[i];
        int scaled = size * scale;
        return IntStream.range((int) -args[2 + i], (int) (scaled + args[4 + i]))
                .map(at -> at < 0 ? -at : at < scaled ? at : 2 * (scaled - 1) - at)
                .map(at -> at / scale)
                .toArray();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new Bp(getSameDiff(), arg(0), gradients.get(0), iArgs(), bArgs()).outputVariable());
    }

    /** The gradient. Inputs: x, for its shape, and dy; output: dx. */
    public static final class Bp extends JavaOp {

        /** For SameDiff, which clones operations. */
        public Bp() {}

        private Bp(SameDiff sameDiff, SDVariable x, SDVariable dy, long[] iArgs, boolean[] bArgs) {
            super(sameDiff, x, dy);
            addIArgument(iArgs);
            addBArgument(bArgs);
        }

        @Override
        public String opName() {
            return "dl4jnorms_image_gather_bp";
        }

        @Override
        protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
            Contiguous dy = Contiguous.read(inputs.get(1));
            Contiguous dx = Contiguous.write(outputs.get(0));
            kernel(iArgs(), bArgs()[0], inputs.get(0).shape()).backward(dy.memory(), dx.memory());
            dy.keep();
            dx.finish();
        }
    }
}
