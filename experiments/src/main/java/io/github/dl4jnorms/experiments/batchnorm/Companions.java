package io.github.dl4jnorms.experiments.batchnorm;

import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Passes test points through a trained network, each among other companions in its batch. */
final class Companions {
    private final MultiLayerNetwork network;
    private final float[][] points;

    Companions(MultiLayerNetwork network, DataSet test) {
        this.network = network;
        this.points = test.getFeatures().toFloatMatrix();
    }

    int count() {
        return points.length;
    }

    /** The network's probabilities for a batch of these points, a row for each. */
    float[][] output(int[] batch, boolean training) {
        float[][] rows = new float[batch.length][];
        for (int i = 0; i < batch.length; i++) {
            rows[i] = points[batch[i]];
        }
        return network.output(Nd4j.create(rows), training).toFloatMatrix();
    }

    /** Some passes of one point, the first of its batch, each with others drawn at random: its probabilities. */
    float[][] beside(int point, int batchSize, int passes, boolean training, Random random) {
        float[][] outputs = new float[passes][];
        for (int pass = 0; pass < passes; pass++) {
            int[] batch = random.ints(0, points.length)
                    .filter(i -> i != point)
                    .distinct()
                    .limit(batchSize)
                    .toArray();
            batch[0] = point;
            outputs[pass] = output(batch, training)[0];
        }
        return outputs;
    }

    static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
