package io.github.dl4jnorms.experiments.dit;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Training examples of flow matching: noise x₀, an image x₁, and a point on the straight way between them, where the network is
 * to tell the velocity,
 *
 * <pre>xₜ = (1 − t) x₀ + t x₁,    v = x₁ − x₀,    t = σ(z), z standard normal</pre>
 *
 * (Lipman et al. 2023, <a href="https://arxiv.org/abs/2210.02747">arXiv:2210.02747</a>; the times as of Esser et al. 2024,
 * <a href="https://arxiv.org/abs/2403.03206">arXiv:2403.03206</a>, which are seldom near the easy ends). Of some examples the
 * class is withheld, so that the network learns to do without, which guidance needs (Ho and Salimans 2022,
 * <a href="https://arxiv.org/abs/2207.12598">arXiv:2207.12598</a>).
 *
 * @param images  to learn from
 * @param noClass the label that says: no class
 * @param dropout the share of examples whose class is withheld
 */
record FlowMatching(ImageSet.Part images, int noClass, double dropout, int batchSize, long seed) {

    /** Examples: {@code [N, C, H, W]}, {@code [N, 1]}, {@code [N, 1]}, {@code [N, C, H, W]} and again. */
    record Batch(INDArray noised, INDArray time, INDArray label, INDArray velocity, INDArray image) {
        MultiDataSet dataSet() {
            return new MultiDataSet(new INDArray[] {noised, time, label}, new INDArray[] {velocity});
        }
    }

    /** The examples of a step: always the same. */
    Batch batch(int step) {
        SplittableRandom random = Streams.of(seed, step);
        int[] indices = random.ints(batchSize, 0, images.count()).toArray();
        float[] times = new float[batchSize];
        float[] labels = new float[batchSize];
        for (int i = 0; i < batchSize; i++) {
            times[i] = (float) (1 / (1 + Math.exp(-random.nextGaussian())));
            labels[i] =
                    random.nextDouble() < dropout ? noClass : images.labels().get(indices[i]);
        }
        INDArray image = images.array(indices);
        INDArray noise = Nd4j.create(Streams.gaussian(random, (int) image.length()), image.shape(), 'c');
        INDArray velocity = image.sub(noise);
        INDArray time = Nd4j.createFromArray(times).reshape(batchSize, 1);
        INDArray noised = noise.addi(velocity.mul(time.reshape(batchSize, 1, 1, 1)));
        return new Batch(noised, time, Nd4j.createFromArray(labels).reshape(batchSize, 1), velocity, image);
    }
}
