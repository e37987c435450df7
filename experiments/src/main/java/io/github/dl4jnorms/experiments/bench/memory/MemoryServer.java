package io.github.dl4jnorms.experiments.bench.memory;

import io.github.dl4jnorms.experiments.bench.process.PeerServer;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/** A process that makes a training step at each question, and answers with the bytes of memory after it. */
public final class MemoryServer {
    private MemoryServer() {}

    public static void main(String[] args) throws IOException {
        long seed = Long.getLong("seed");
        ComputationGraph network = SmallNetwork.of(seed);
        DataSet batch = SmallNetwork.batch(seed);
        PeerServer.serve("a training", question -> {
            network.fit(batch);
            return Trace.Point.now().toString();
        });
    }
}
