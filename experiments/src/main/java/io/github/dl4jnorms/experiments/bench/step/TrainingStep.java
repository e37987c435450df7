package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.process.PeerException;
import io.github.dl4jnorms.experiments.report.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Times training steps. All networks live at once and take turns, one step each, so that whatever slows the machine down meets
 * all of them, and in an order drawn anew each time: what a step leaves behind, in the caches and to the garbage collector,
 * slows the next one down.
 */
final class TrainingStep {
    /**
     * What came out.
     *
     * @param timings of the peers that could be had, in their order
     * @param absent  names of the others, and why
     */
    record Result(List<Timing> timings, Map<String, String> absent) {}

    private TrainingStep() {}

    /**
     * @param warmUp   steps of each network that are not timed
     * @param steps    steps of each network that are
     * @param seed     of the order
     * @param progress counts every step of every network
     */
    static Result time(List<Peer> peers, int warmUp, int steps, long seed, Progress progress) {
        List<Peer> there = new ArrayList<>();
        List<Trainee> trainees = new ArrayList<>();
        Map<String, String> absent = new LinkedHashMap<>();
        try {
            for (Peer peer : peers) {
                try {
                    Trainee trainee = peer.trainee().get();
                    trainees.add(trainee);
                    there.add(peer);
                    progress.line(String.format(Locale.ROOT, "%s: %,d parameters", peer.name(), trainee.parameters()));
                } catch (PeerException e) {
                    absent.put(peer.name(), e.getMessage());
                    progress.step(warmUp + steps);
                    progress.line(peer.name() + ": " + e.getMessage());
                }
            }
            return new Result(timings(there, trainees, warmUp, steps, seed, progress), absent);
        } finally {
            trainees.forEach(Trainee::close);
        }
    }

    private static List<Timing> timings(
            List<Peer> peers, List<Trainee> trainees, int warmUp, int steps, long seed, Progress progress) {
        double[][] milliseconds = new double[peers.size()][steps];
        List<Integer> turns =
                new ArrayList<>(IntStream.range(0, peers.size()).boxed().toList());
        Random random = new Random(seed);
        for (int step = -warmUp; step < steps; step++) {
            StringBuilder line = new StringBuilder(
                    step < 0 ? "warm-up " + (warmUp + step + 1) + "/" + warmUp : "step " + (step + 1) + "/" + steps);
            Collections.shuffle(turns, random);
            for (int i : turns) {
                double time = trainees.get(i).step();
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
            Trainee trainee = trainees.get(i);
            timings.add(new Timing(
                    peers.get(i), trainee.parameters(), trainee.loss(), trainee.about(), new Samples(milliseconds[i])));
        }
        return timings;
    }
}
