package io.github.dl4jnorms.experiments.bench.step;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A network in this process: {@code fit} of one batch. */
record NetworkTrainee(ComputationGraph network, MultiDataSet batch) implements Trainee {
    @Override
    public long parameters() {
        return network.params().length(); // numParams() leaves out those of vertices
    }

    @Override
    public double step() {
        long start = System.nanoTime();
        network.fit(batch);
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public double loss() {
        return network.score();
    }
}
