package io.github.dl4jnorms.experiments.layernorm;

import java.util.List;

/** Times several things that take turns, so that whatever slows the machine down meets all of them. */
final class Stopwatch {
    private Stopwatch() {}

    /**
     * @param warmUp rounds that are not timed
     * @param rounds rounds that are
     * @param things each is run once a round
     * @return milliseconds by thing and round
     */
    static double[][] time(int warmUp, int rounds, List<Runnable> things) {
        double[][] milliseconds = new double[things.size()][rounds];
        for (int round = -warmUp; round < rounds; round++) {
            for (int i = 0; i < things.size(); i++) {
                long start = System.nanoTime();
                things.get(i).run();
                double time = (System.nanoTime() - start) / 1e6;
                if (round >= 0) {
                    milliseconds[i][round] = time;
                }
            }
        }
        return milliseconds;
    }
}
