package io.github.dl4jnorms.experiments.dit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Turns noise into images: along a velocity, from t = 0 to 1.
 *
 * @param noClass the label that says: no class
 */
record Flow(Velocity velocity, int noClass) {
    /**
     * Images at once, so few that what a velocity leaves behind is no more than a training step's: ND4J's memory is freed by
     * Java's garbage collection, which knows nothing of its size.
     */
    private static final int CHUNK = 16;

    /** Where images {@code [N, C, H, W]} of some classes move to at a time. */
    @FunctionalInterface
    interface Velocity {
        INDArray at(INDArray x, double time, int[] labels);
    }

    /** Along what a transformer has learned. */
    static Flow of(ComputationGraph network, int noClass) {
        return new Flow(
                (x, time, labels) -> {
                    INDArray times = Nd4j.valueArrayOf(new long[] {labels.length, 1}, time, x.dataType());
                    INDArray classes =
                            Nd4j.createFromArray(labels).castTo(x.dataType()).reshape(labels.length, 1);
                    return network.output(x, times, classes)[0];
                },
                noClass);
    }

    /**
     * Images from noise {@code [N, C, H, W]}, by Heun's method, whose last step is Euler's: {@code 2 · steps − 1} velocities.
     *
     * @param guidance w of classifier-free guidance, {@code v = v(no class) + w · (v(class) − v(no class))}: 0 ignores the class,
     *                 1 takes the network as it is, more exaggerates what the class changes
     * @param done     is told after each chunk how many images it had
     * @return values from −1 to 1
     */
    INDArray draw(INDArray noise, int[] labels, double guidance, int steps, IntConsumer done) {
        List<INDArray> chunks = new ArrayList<>();
        for (int from = 0; from < labels.length; from += CHUNK) {
            int to = Math.min(labels.length, from + CHUNK);
            INDArray x = noise.get(NDArrayIndex.interval(from, to)).dup('c');
            chunks.add(heun(x, Arrays.copyOfRange(labels, from, to), guidance, steps));
            done.accept(to - from);
        }
        INDArray images = Nd4j.concat(0, chunks.toArray(INDArray[]::new));
        return Nd4j.math().clipByValue(images, -1, 1);
    }

    private INDArray heun(INDArray x, int[] labels, double guidance, int steps) {
        double step = 1.0 / steps;
        for (int i = 0; i < steps; i++) {
            INDArray first = guided(x, i * step, labels, guidance);
            if (i == steps - 1) {
                x.addi(first.muli(step));
            } else {
                INDArray second = guided(x.add(first.mul(step)), (i + 1) * step, labels, guidance);
                x.addi(first.addi(second).muli(step / 2));
            }
        }
        return x;
    }

    private INDArray guided(INDArray x, double time, int[] labels, double guidance) {
        int n = labels.length;
        int[] none = new int[n];
        Arrays.fill(none, noClass);
        if (guidance == 0 || guidance == 1) {
            return velocity.at(x, time, guidance == 0 ? none : labels).dup();
        }
        int[] both = Arrays.copyOf(labels, 2 * n);
        System.arraycopy(none, 0, both, n, n);
        INDArray v = velocity.at(Nd4j.concat(0, x, x), time, both);
        INDArray with = v.get(NDArrayIndex.interval(0, n));
        INDArray without = v.get(NDArrayIndex.interval(n, 2 * n));
        return with.sub(without).muli(guidance).addi(without);
    }
}
