package io.github.dl4jnorms.experiments.bench.kernel;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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

/** DL4J's layer BatchNormalization in training, in a workspace as a network has one, which recycles all that it allocates. */
final class Dl4jPeer implements KernelPeer {
    static final String NAME = "dl4j-bn";

    /** It takes seconds on more. */
    private static final long LARGEST = 10_000_000;

    private static final String WORKSPACE = "BENCH";
    private static final WorkspaceConfiguration CONFIGURATION = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.1)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            .policySpill(SpillPolicy.REALLOCATE)
            .build();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean takes(Work work) {
        return work.norm() == Norm.BATCH && work.shape().bytes() <= LARGEST;
    }

    /** The layer keeps from the forward pass what its backward pass takes, for one time. */
    @Override
    public boolean backwardIncludesForward() {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        NeuralNetConfiguration configuration = new NeuralNetConfiguration.Builder()
                .layer(new BatchNormalization.Builder()
                        .nIn(work.channels())
                        .nOut(work.channels())
                        .eps(OurPeer.EPSILON)
                        .build())
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
}
