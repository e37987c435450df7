package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.InstanceNorm;
import io.github.dl4jnorms.layer.NormLayer;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer in training as DL4J runs it, in a workspace as a network has one, which recycles all that it allocates: DL4J's own
 * BatchNormalization, or the layers of this library, whose time beside that of their operations is what a layer adds.
 */
final class LayerPeer implements KernelPeer {
    static final LayerPeer DL4J = new LayerPeer("dl4j-bn", Set.of(Norm.BATCH));
    static final LayerPeer OURS = new LayerPeer("layer", Set.of(Norm.BATCH, Norm.GROUP, Norm.INSTANCE));

    /** DL4J's takes seconds on more. */
    private static final long LARGEST = 10_000_000;

    private static final String WORKSPACE = "BENCH";
    private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.1)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    private final String name;
    private final Set<Norm> norms;

    private LayerPeer(String name, Set<Norm> norms) {
        this.name = name;
        this.norms = norms;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean takes(Work work) {
        return norms.contains(work.norm()) && work.shape().bytes() <= LARGEST;
    }

    /** The layer keeps from the forward pass what its backward pass takes, for one time. */
    @Override
    public boolean backwardIncludesForward() {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        NeuralNetConfiguration configuration = new NeuralNetConfiguration.Builder()
                .layer(this == DL4J ? dl4j(work) : ours(work))
                .build();
        long parameters = configuration.getLayer().initializer().numParams(configuration);
        Layer layer = configuration
                .getLayer()
                .instantiate(configuration, null, 0, Nd4j.create(DataType.FLOAT, 1, parameters), true, DataType.FLOAT);
        layer.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, 1, parameters));
        LayerWorkspaceMgr manager = LayerWorkspaceMgr.builder()
                .defaultWorkspace(WORKSPACE, CONFIGURATION)
                .build();
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread(); // of another size's
        INDArray x = Recycled.array(Recycled.Role.X, work.shape());
        INDArray dy = Recycled.array(Recycled.Role.DY, work.shape());
        return () -> {
            try (MemoryWorkspace workspace =
                    Nd4j.getWorkspaceManager().getAndActivateWorkspace(CONFIGURATION, WORKSPACE)) {
                layer.setInput(x, manager);
                layer.activate(true, manager);
                if (!work.forward()) {
                    layer.backpropGradient(dy, manager);
                }
            }
        };
    }

    private static org.deeplearning4j.nn.conf.layers.Layer dl4j(Work work) {
        return new BatchNormalization.Builder()
                .nIn(work.channels())
                .nOut(work.channels())
                .eps(OurPeer.EPSILON)
                .build();
    }

    private static org.deeplearning4j.nn.conf.layers.Layer ours(Work work) {
        NormLayer.Builder<?> builder = switch (work.norm()) {
            case BATCH -> new BatchNorm.Builder();
            case GROUP -> new GroupNorm.Builder().groups(Norm.GROUPS);
            default -> new InstanceNorm.Builder();
        };
        NormLayer layer = builder.epsilon(OurPeer.EPSILON).build();
        long[] sizes = work.shape().sizes();
        layer.setNIn(InputType.convolutional(sizes[2], sizes[3], sizes[1]), true);
        return layer;
    }
}
