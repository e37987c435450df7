package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.process.PeerException;
import io.github.dl4jnorms.experiments.bench.process.PeerServer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A process that measures when it is asked: for each line of standard input, a {@link Turn}, it runs {@link NormBenchmark} and
 * answers with a line of times. JMH does not fork again, as this process is its fork.
 */
public final class KernelServer {
    private KernelServer() {}

    public static void main(String[] args) throws IOException {
        PeerServer.serve("this JVM", KernelServer::answer);
    }

    /** The answer to a {@link Turn}. */
    public static String answer(String line) {
        Turn turn = Turn.parse(line);
        KernelPeer peer = KernelPeers.named(turn.peer());
        if (!peer.takes(turn.work())) {
            return Turn.NOT_TAKEN;
        }
        String times = measure(turn).stream()
                .map(nanoseconds -> String.format(Locale.ROOT, "%.1f", nanoseconds))
                .collect(Collectors.joining(" "));
        return !turn.work().forward() && peer.backwardIncludesForward() ? Turn.BOTH + " " + times : times;
    }

    /** The mean time of each iteration in nanoseconds. */
    private static List<Double> measure(Turn turn) {
        System.setProperty("jmh.ignoreLock", "true"); // the peers take turns anyway
        Options options = new OptionsBuilder()
                .include("^" + Pattern.quote(NormBenchmark.class.getName()) + "\\.run$")
                .param("peer", turn.peer())
                .param("work", turn.work().toString())
                .forks(0)
                .warmupIterations(turn.warmUp() == 0 ? 0 : 1)
                .warmupTime(TimeValue.milliseconds(Math.max(1, turn.warmUp())))
                .measurementIterations(turn.iterations())
                .measurementTime(TimeValue.milliseconds(turn.milliseconds()))
                .timeUnit(TimeUnit.NANOSECONDS)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        try {
            RunResult result = new Runner(options).runSingle();
            return result.getAggregatedResult().getIterationResults().stream()
                    .map(iteration -> iteration.getPrimaryResult().getScore())
                    .toList();
        } catch (RunnerException e) {
            throw new PeerException(e.getMessage());
        }
    }
}
