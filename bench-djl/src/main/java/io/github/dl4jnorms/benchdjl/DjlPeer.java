package io.github.dl4jnorms.benchdjl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.github.dl4jnorms.experiments.bench.kernel.KernelPeer;
import io.github.dl4jnorms.experiments.bench.kernel.Norm;
import io.github.dl4jnorms.experiments.bench.kernel.Work;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * libtorch's norms as DJL reaches them: LayerNorm, BatchNorm, and RMSNorm composed of operations; it has no GroupNorm and no
 * InstanceNorm. The memory of a result goes back to {@code malloc} at once.
 */
public final class DjlPeer implements KernelPeer {
    private static final Set<Norm> NORMS = Set.of(Norm.LAYER, Norm.RMS, Norm.BATCH);
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    /** Holds the memory that all work is done on, for x and dy each. */
    private final NDManager manager = NDManager.newBaseManager();

    private final Map<String, NDArray> memory = new HashMap<>();

    @Override
    public String name() {
        return "djl";
    }

    @Override
    public boolean takes(Work work) {
        return NORMS.contains(work.norm());
    }

    @Override
    public boolean backwardIncludesForward() {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        Shape channels = new Shape(work.channels());
        PtNDArray x = noise("x", work);
        PtNDArray gamma = (PtNDArray) manager.randomNormal(channels).muli(0.1f).addi(1);
        PtNDArray beta = (PtNDArray) manager.randomNormal(channels).muli(0.1f);
        PtNDArray mean = (PtNDArray) manager.zeros(channels);
        PtNDArray variance = (PtNDArray) manager.ones(channels);
        if (work.forward()) {
            JniUtils.setGradMode(false);
            return () ->
                    norm(work.norm(), x, channels, gamma, beta, mean, variance).close();
        }
        PtNDArray dy = noise("dy", work);
        JniUtils.setGradMode(true);
        return () -> {
            try (PtNDArray leaf = leaf(x);
                    PtNDArray weight = leaf(gamma);
                    PtNDArray bias = leaf(beta);
                    PtNDArray y = norm(work.norm(), leaf, channels, weight, bias, mean, variance)) {
                JniUtils.backward(y, dy, false, false);
            }
        };
    }

    /** The first elements of a memory. */
    private PtNDArray noise(String role, Work work) {
        long elements = work.shape().elements();
        NDArray all = memory.get(role);
        if (all == null || all.size() < elements) {
            all = manager.randomNormal(new Shape(elements));
            memory.put(role, all);
        }
        return (PtNDArray) all.get("0:{}", elements).reshape(work.shape().sizes());
    }

    /** The same memory as a variable without a gradient yet, so that the next one need not be added to it. */
    private static PtNDArray leaf(PtNDArray array) {
        PtNDArray leaf = JniUtils.detachGradient(array);
        JniUtils.attachGradient(leaf, true);
        return leaf;
    }

    private static PtNDArray norm(
            Norm norm,
            PtNDArray x,
            Shape channels,
            PtNDArray gamma,
            PtNDArray beta,
            PtNDArray mean,
            PtNDArray variance) {
        return switch (norm) {
            case LAYER -> JniUtils.layerNorm(x, channels, gamma, beta, EPSILON);
            case RMS -> rmsNorm(x, gamma);
            case BATCH -> JniUtils.batchNorm(x, mean, variance, gamma, beta, true, MOMENTUM, EPSILON);
            default -> throw new IllegalArgumentException("norm: takes one of " + NORMS + ", received " + norm);
        };
    }

    private static PtNDArray rmsNorm(NDArray x, NDArray gamma) {
        try (NDArray square = x.square();
                NDArray mean = square.mean(new int[] {-1}, true);
                NDArray shifted = mean.add(EPSILON);
                NDArray root = shifted.sqrt();
                NDArray normalized = x.div(root)) {
            return (PtNDArray) normalized.mul(gamma);
        }
    }
}
