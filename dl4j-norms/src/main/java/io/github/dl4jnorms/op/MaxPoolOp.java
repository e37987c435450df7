package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.Contiguous;
import io.github.dl4jnorms.execution.JavaOp;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The largest value in each window of images {@code [N, C, H, W]}: {@code maxpool2d}, which takes many times as long. */
public final class MaxPoolOp extends JavaOp {

    /** For SameDiff, which clones operations. */
    public MaxPoolOp() {}

    /** The operation on a variable; height and width of the window, of the stride and of the padding on each side. */
    public MaxPoolOp(SameDiff sameDiff, SDVariable x, int[] window, int[] stride, int[] padding) {
        super(sameDiff, x);
        addIArgument(window);
        addIArgument(stride);
        addIArgument(padding);
    }

    private MaxPoolArgs windows() {
        return MaxPoolArgs.of(iArgs());
    }

    @Override
    public String opName() {
        return "dl4jnorms_max_pool2d";
    }

    @Override
    public void check(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        MaxPoolArgs args = windows();
        for (int i = 0; i < 2; i++) {
            if (x.rank() != 4 || x.size(2 + i) + 2 * args.padding()[i] < args.window()[i]) {
                throw new IllegalArgumentException("x: takes [N, C, H, W] of at least the window's size "
                        + Arrays.toString(args.window()) + " less padding " + Arrays.toString(args.padding())
                        + ", received " + Arrays.toString(x.shape()));
            }
        }
    }

    @Override
    protected long[][] outputShapes(List<INDArray> inputs) {
        return new long[][] {windows().outputShape(inputs.get(0))};
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray in = inputs.get(0);
        if (!MaxPoolArgs.isFused(in)) {
            Nd4j.exec(windows().nd4j("maxpool2d", new INDArray[] {in}, outputs.get(0)));
            return;
        }
        Contiguous x = Contiguous.read(in);
        Contiguous y = Contiguous.write(outputs.get(0));
        windows().kernel(in).forward(x.memory(), y.memory());
        x.keep();
        y.finish();
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> gradients) {
        return List.of(new MaxPoolBpOp(getSameDiff(), arg(0), gradients.get(0), iArgs()).outputVariable());
    }
}
