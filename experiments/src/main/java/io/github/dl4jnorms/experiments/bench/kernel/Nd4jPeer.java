package io.github.dl4jnorms.experiments.bench.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNorm;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNormBp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's own operation {@code layer_norm}, which has no ε. */
final class Nd4jPeer implements KernelPeer {
    static final String NAME = "nd4j";

    /** Its backward pass takes seconds on more. */
    private static final long LARGEST_BACKWARD = 100_000_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Work work) {
        return work.norm() == Norm.LAYER && (work.forward() || work.shape().bytes() <= LARGEST_BACKWARD);
    }

    @Override
    public Runnable prepare(Work work) {
        long length = work.channels();
        long rows = work.shape().elements() / length;
        INDArray x = Recycled.array(Recycled.Role.X, work.shape()).reshape(rows, length);
        INDArray out = Recycled.result(work).reshape(rows, length);
        INDArray gamma = Recycled.vector(length, 1);
        INDArray beta = Recycled.vector(length, 0);
        if (work.forward()) {
            return () -> Nd4j.exec(new LayerNorm(x, gamma, beta, out, true, 1));
        }
        INDArray dy = Recycled.array(Recycled.Role.DY, work.shape()).reshape(rows, length);
        INDArray dgamma = gamma.like();
        INDArray dbeta = beta.like();
        return () -> Nd4j.exec(new LayerNormBp(x, gamma, beta, dy, out, dgamma, dbeta, true, 1));
    }
}
