package io.github.dl4jnorms.gradcheck;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Stands between an input and the rest of a graph: hands on a copy of the input, and keeps the gradient with respect to it,
 * which DL4J throws away.
 */
final class InputTap extends GraphVertex {

    @Override
    public GraphVertex clone() {
        return new InputTap();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputTap;
    }

    @Override
    public int hashCode() {
        return InputTap.class.hashCode();
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 1;
    }

    @Override
    public int maxVertexInputs() {
        return 1;
    }

    @Override
    public Runtime instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType networkType) {
        return new Runtime(graph, name, index, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return inputs[0];
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        return null;
    }

    /** The vertex in a network. */
    @SuppressWarnings("overrides") // DL4J's own: varargs in an interface, an array in its implementation
    static final class Runtime extends BaseGraphVertex {

        private transient INDArray handedOn;
        private transient INDArray gradient;
        private transient boolean inputChanged;

        Runtime(ComputationGraph graph, String name, int index, DataType type) {
            super(graph, name, index, new VertexIndices[0], new VertexIndices[0], type);
        }

        @Override
        public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
            handedOn = workspaces.dup(ArrayType.ACTIVATIONS, inputs[0]);
            gradient = null;
            return handedOn;
        }

        @Override
        public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
            inputChanged = !Arrays.equals(CheckedNetwork.values(handedOn), CheckedNetwork.values(inputs[0]));
            if (epsilon == null) {
                return new Pair<>(null, new INDArray[1]);
            }
            try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                gradient = epsilon.dup('c');
            }
            return new Pair<>(null, new INDArray[] {workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon)});
        }

        /** Of the last backward pass, null if none came. */
        INDArray gradient() {
            return gradient;
        }

        /** Whether the last passes have written into their input. */
        boolean inputChanged() {
            return inputChanged;
        }

        @Override
        public Pair<INDArray, MaskState> feedForwardMaskArrays(
                INDArray[] masks, MaskState currentMaskState, int minibatchSize) {
            return new Pair<>(masks == null ? null : masks[0], currentMaskState);
        }

        @Override
        public boolean hasLayer() {
            return false;
        }

        @Override
        public Layer getLayer() {
            return null;
        }

        @Override
        public void setBackpropGradientsViewArray(INDArray view) {
            if (view != null) {
                throw new IllegalArgumentException("view: an input has no parameters, received " + view.length());
            }
        }

        @Override
        public String toString() {
            return "InputTap(name=" + getVertexName() + ")";
        }
    }
}
