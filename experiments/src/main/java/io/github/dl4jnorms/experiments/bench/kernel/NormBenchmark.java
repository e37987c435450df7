package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of a norm, of any peer at any {@link Work}. {@code ./norms bench} runs it, letting the peers take turns; alone it
 * runs by JMH's own command line, {@code org.openjdk.jmh.Main NormBenchmark -p peer=ours,memcpy -p "work=layer forward 32x768"}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class NormBenchmark {
    /** A {@link KernelPeer}'s name. */
    @Param("ours")
    public String peer;

    /** A {@link Work}'s text. */
    @Param({
        "layer forward 32x768",
        "layer backward 32x768",
        "layer forward 8x2048x4096",
        "layer backward 8x2048x4096",
        "rms forward 8x2048x4096",
        "rms backward 8x2048x4096",
        "group forward 8x64x56x56",
        "group backward 8x64x56x56",
        "batch forward 8x64x56x56",
        "batch backward 8x64x56x56",
        "instance forward 8x64x56x56",
        "instance backward 8x64x56x56"
    })
    public String work;

    private Runnable kernel;

    @Setup
    public void prepare() {
        kernel = KernelPeers.named(peer).prepare(Work.parse(work));
    }

    @Benchmark
    public void run() {
        kernel.run();
    }
}
