package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.process.Djl;
import io.github.dl4jnorms.experiments.bench.process.JavaProcess;
import io.github.dl4jnorms.experiments.bench.process.PeerProcess;
import io.github.dl4jnorms.experiments.bench.process.PyTorch;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The kernels' part of {@code ./norms bench}: who takes part, and in which process. */
public final class KernelBench {
    public static final String OURS = OurPeer.NAME;
    public static final String SCALAR = "scalar";
    public static final String MEMCPY = MemcpyPeer.NAME;
    public static final String ND4J = Nd4jPeer.NAME;
    public static final String COMPOSED = ComposedPeer.NAME;
    public static final String DL4J = LayerPeer.DL4J.name();
    public static final String OPERATIONS = new OperationsPeer().name();
    public static final String LAYER = LayerPeer.OURS.name();
    public static final String TORCH = "torch";
    public static final String DJL = "djl";

    private static final Predicate<Work> ALL = work -> true;

    private KernelBench() {}

    /**
     * Measures. Peers that are not installed are left out, and the result says so.
     *
     * @param threads that everybody computes with
     * @param djl     the class path of the DJL peer, where it was built
     * @param logs    the folder of the processes' logs
     */
    public static KernelReport run(KernelSettings settings, int threads, Optional<List<String>> djl, Path logs) {
        try (Started simd = new Started(
                        () -> JavaProcess.start(KernelServer.class, List.of(), logs.resolve("kernels-simd.log")));
                Started scalar = new Started(() -> JavaProcess.start(
                        KernelServer.class, List.of("-Ddl4jnorms.simd=false"), logs.resolve("kernels-scalar.log")));
                Started torch = new Started(() -> PyTorch.start(threads, logs.resolve("kernels-torch.log")));
                Started libtorch = new Started(() -> Djl.start(djl, threads, logs.resolve("kernels-djl.log")))) {
            Set<Work.Shape> copied = new HashSet<>();
            Set<Work> firstOfShape = new HashSet<>();
            settings.works().stream().filter(w -> copied.add(w.shape())).forEach(firstOfShape::add);
            List<Contestant> contestants = List.of(
                    new Contestant(MEMCPY, simd, MEMCPY, false, firstOfShape::contains),
                    new Contestant(OURS, simd, OURS, true, ALL),
                    new Contestant(OPERATIONS, simd, OPERATIONS, true, new OperationsPeer()::takes),
                    new Contestant(LAYER, simd, LAYER, true, LayerPeer.OURS::takes),
                    new Contestant(SCALAR, scalar, OURS, true, work -> Works.scalar(work, settings.quick())),
                    new Contestant(TORCH, torch, TORCH, false, ALL),
                    new Contestant(DJL, libtorch, DJL, false, ALL),
                    new Contestant(ND4J, simd, ND4J, false, new Nd4jPeer()::takes),
                    new Contestant(COMPOSED, simd, COMPOSED, false, new ComposedPeer()::takes),
                    new Contestant(DL4J, simd, DL4J, false, LayerPeer.DL4J::takes));
            try (Progress progress = Progress.start("kernels", KernelRounds.turns(settings, contestants))) {
                return new KernelReport(new KernelRounds(settings, contestants, progress).run(), settings);
            }
        }
    }

    /** A process that is started when it is first needed, and once. */
    private static final class Started implements Supplier<PeerProcess>, AutoCloseable {
        private final Supplier<PeerProcess> start;
        private PeerProcess process;

        Started(Supplier<PeerProcess> start) {
            this.start = start;
        }

        @Override
        public PeerProcess get() {
            if (process == null) {
                process = start.get();
            }
            return process;
        }

        @Override
        public void close() {
            if (process != null) {
                process.close();
            }
        }
    }
}
