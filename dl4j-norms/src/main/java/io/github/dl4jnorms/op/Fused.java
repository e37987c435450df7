package io.github.dl4jnorms.op;

import io.github.dl4jnorms.execution.JavaOp;
import io.github.dl4jnorms.execution.JavaOpExecutioner;
import io.github.dl4jnorms.kernel.Parallel;
import io.github.dl4jnorms.kernel.Tiles;
import java.lang.reflect.Field;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the fused operations can run, decided once. They run on ND4J's CPU backend, after its executioner has been
 * replaced by {@link JavaOpExecutioner}, which the first call does. On another backend the composed operations take over.
 *
 * <p>The system property {@code dl4jnorms.fused=false} chooses the composed operations everywhere.
 */
public final class Fused {

    private static final Logger log = LoggerFactory.getLogger(Fused.class);

    private static final boolean INSTALLED = install();

    private static volatile boolean chosen = INSTALLED;

    private Fused() {}

    /** True when a SameDiff graph may hold fused operations. */
    public static boolean available() {
        return chosen;
    }

    /** Chooses the fused operations, where they can run, or the composed ones; for tests. */
    static void choose(boolean fused) {
        chosen = fused && INSTALLED;
    }

    private static boolean install() {
        boolean wanted = !"false".equalsIgnoreCase(System.getProperty("dl4jnorms.fused"));
        if (!wanted || !Nd4j.getBackend().getClass().getName().endsWith("CpuBackend")) {
            return false;
        }
        if (!(Nd4j.getExecutioner() instanceof JavaOpExecutioner)) {
            try {
                // ND4J has a property for this, but reads it only once, perhaps before this library is loaded
                Field instance = Nd4j.class.getDeclaredField("OP_EXECUTIONER_INSTANCE");
                instance.setAccessible(true);
                instance.set(null, new JavaOpExecutioner());
            } catch (ReflectiveOperationException | RuntimeException e) {
                log.warn(
                        "Fused norms are off: ND4J's executioner could not be replaced ({}). They are on with -Dopexec={}",
                        e.toString(),
                        JavaOpExecutioner.class.getName());
                return false;
            }
        }
        JavaOp.register(new BatchNormOp());
        JavaOp.register(new BatchNormInferenceOp());
        JavaOp.register(new GroupNormOp());
        JavaOp.register(new ChannelNormBpOp());
        JavaOp.register(new GhostBatchNormOp());
        JavaOp.register(new GhostBatchNormBpOp());
        JavaOp.register(new StatisticsOp());
        JavaOp.register(new StatisticsOp.Bp());
        JavaOp.register(new RunningStatisticsOp());
        JavaOp.register(new RowNormOp());
        JavaOp.register(new RowNormBpOp());
        JavaOp.register(new AddReluOp());
        JavaOp.register(new AddReluBpOp());
        JavaOp.register(new MaxPoolOp());
        JavaOp.register(new MaxPoolBpOp());
        JavaOp.register(new ImageGatherOp());
        JavaOp.register(new ImageGatherOp.Bp());
        JavaOp.register(new SpectralNormOp());
        JavaOp.register(new GeluOp());
        JavaOp.register(new GeluOp.Bp());
        JavaOp.register(new AddGatedOp());
        JavaOp.register(new AddGatedOp.Bp());
        JavaOp.register(new SwapTimeOp());
        JavaOp.register(new ModulatedNormOp());
        JavaOp.register(new ModulatedNormOp.Bp());
        Parallel.threads(Nd4j.getEnvironment().maxThreads());
        if (Tiles.chosen().name().equals("scalar")) {
            log.warn(
                    "Norms are computed in plain loops; start Java with {} to have them several times as fast",
                    Tiles.FLAG);
        }
        return true;
    }
}
