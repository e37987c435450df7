package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Times {@code fit} of one batch. All networks live at once and take turns, one step each, so that whatever slows the machine
 * down meets all of them, and in an order drawn anew each time: what a step leaves behind, in the caches and to the garbage
 * collector, slows the next one down.
 */
final class TrainingStep {
    private TrainingStep() {}

    /**
     * @param warmUp   steps of each network that are not timed
     * @param steps    steps of each network that are
     * @param seed     of the order
     * @param progress counts every step of every network
     * @return a timing for each peer, in their order
     */
    static List<Timing> time(List<Peer> peers, DataSet batch, int warmUp, int steps, long seed, Progress progress) {
        Random random = new Random(seed);
        List<ComputationGraph> networks = new ArrayList<>();
        for (Peer peer : peers) {
            ComputationGraph network = peer.network().get();
            networks.add(network);
            progress.line(String.format(Locale.ROOT, "%s: %,d parameters", peer.name(), network.numParams()));
        }
        double[][] milliseconds = new double[peers.size()][steps];
        List<Integer> turns =
                new ArrayList<>(IntStream.range(0, peers.size()).boxed().toList());
        for (int step = -warmUp; step < steps; step++) {
            StringBuilder line = new StringBuilder(
                    step < 0 ? "warm-up " + (warmUp + step + 1) + "/" + warmUp : "step " + (step + 1) + "/" + steps);
            Collections.shuffle(turns, random);
            for (int i : turns) {
                double time = milliseconds(networks.get(i), batch);
                if (step >= 0) {
                    milliseconds[i][step] = time;
                }
                line.append(String.format(
                        Locale.ROOT,
                        "%s%s %.0f ms",
                        i == turns.get(0) ? ": " : ", ",
                        peers.get(i).name(),
                        time));
                progress.step(1);
            }
            progress.line(line.toString());
        }
        List<Timing> timings = new ArrayList<>();
        for (int i = 0; i < peers.size(); i++) {
            ComputationGraph network = networks.get(i);
            timings.add(new Timing(peers.get(i).name(), network.numParams(), network.score(), milliseconds[i]));
        }
        return timings;
    }

    private static double milliseconds(ComputationGraph network, DataSet batch) {
        long start = System.nanoTime();
        network.fit(batch);
        return (System.nanoTime() - start) / 1e6;
    }
}
