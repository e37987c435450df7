package io.github.dl4jnorms.runtime;

import io.github.dl4jnorms.execution.Contiguous;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Forward and backward pass of one {@link GraphDefinition} inside a network, for a layer or a vertex. */
final class GraphRunner {

    private final GraphDefinition definition;
    private final Map<String, INDArray> parameters;
    private final DataType type;
    private final List<CompiledGraph> graphs = new ArrayList<>();

    private CompiledGraph last;
    private Map<String, INDArray> kept;

    GraphRunner(GraphDefinition definition, Map<String, INDArray> parameters, DataType type) {
        this.definition = definition;
        this.parameters = parameters;
        this.type = type;
    }

    INDArray forward(INDArray[] inputs, INDArray[] masks, boolean training, LayerWorkspaceMgr workspaces) {
        definition.check(training, inputs);
        last = compiled(inputs, masks, training);
        Map<String, INDArray> values = given(inputs, masks);
        Set<String> outliving = last.keptStorage;
        last.forward()
                .run(
                        values,
                        (name, dataType, shape) -> workspaces.createUninitialized(
                                outliving.contains(name) ? ArrayType.ACTIVATIONS : ArrayType.FF_WORKING_MEM,
                                dataType,
                                shape,
                                'c'));
        INDArray output = values.get(last.output());
        if (last.outputIsGiven) {
            output = workspaces.dup(ArrayType.ACTIVATIONS, output);
        }
        kept = null;
        if (training) {
            kept = values;
            kept.keySet().retainAll(last.kept);
        }
        return output;
    }

    /**
     * Computes the gradients and renews the buffers.
     *
     * @param gradientViews by parameter, where its gradient goes
     * @return the gradient with respect to each input, null if the definition does without
     */
    INDArray[] backward(
            INDArray[] inputs,
            INDArray[] masks,
            INDArray epsilon,
            Map<String, INDArray> gradientViews,
            LayerWorkspaceMgr workspaces) {
        boolean training = kept != null;
        if (!training) {
            // a forward pass in evaluation mode keeps nothing
            last = compiled(inputs, masks, false);
            last.differentiate();
            kept = new HashMap<>(given(inputs, masks));
            last.forward()
                    .run(
                            kept,
                            (name, dataType, shape) ->
                                    workspaces.createUninitialized(ArrayType.BP_WORKING_MEM, dataType, shape, 'c'));
        }
        Map<String, INDArray> values = given(inputs, masks);
        values.putAll(kept);
        values.put(CompiledGraph.epsilon(), epsilon);

        Set<INDArray> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        last.backward().run(values, (name, dataType, shape) -> {
            INDArray target = gradientViews.get(last.differentiated.getOrDefault(name, ""));
            if (target != null && Arrays.equals(target.shape(), shape) && target.dataType() == dataType) {
                return target;
            }
            boolean leaves = last.inputGradients.contains(name);
            INDArray array = workspaces.createUninitialized(
                    leaves ? ArrayType.ACTIVATION_GRAD : ArrayType.BP_WORKING_MEM, dataType, shape, 'c');
            if (leaves) {
                fresh.add(array);
            }
            return array;
        });

        gradientViews.forEach((name, view) -> {
            INDArray gradient = values.get(last.gradients.getOrDefault(name, ""));
            if (gradient == null) {
                Contiguous.clear(view);
            } else if (gradient != view) {
                Contiguous.copy(gradient, view);
            }
        });
        INDArray[] result = new INDArray[inputs.length];
        for (int i = 0; definition.differentiatesInputs() && i < inputs.length; i++) {
            INDArray gradient = values.get(last.gradients.getOrDefault(CompiledGraph.input(i), ""));
            if (gradient == null) {
                result[i] = workspaces.create(ArrayType.ACTIVATION_GRAD, epsilon.dataType(), inputs[i].shape(), 'c');
            } else {
                // DL4J adds to these in place: each input needs one of its own
                result[i] = fresh.remove(gradient) ? gradient : workspaces.dup(ArrayType.ACTIVATION_GRAD, gradient);
            }
        }
        if (training) {
            last.updates.forEach((buffer, value) -> Contiguous.copy(values.get(value), parameters.get(buffer)));
        }
        kept = null;
        return result;
    }

    /** Forgets what the last forward pass has kept. */
    void clear() {
        kept = null;
    }

    private CompiledGraph compiled(INDArray[] inputs, INDArray[] masks, boolean training) {
        for (CompiledGraph graph : graphs) { // one or two
            if (graph.isFor(training, inputs, masks)) {
                return graph;
            }
        }
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            CompiledGraph graph = new CompiledGraph(definition, training, inputs, masks, type);
            graphs.add(graph);
            return graph;
        }
    }

    private Map<String, INDArray> given(INDArray[] inputs, INDArray[] masks) {
        Map<String, INDArray> values = new HashMap<>(parameters);
        for (int i = 0; i < inputs.length; i++) {
            values.put(CompiledGraph.input(i), inputs[i]);
            if (masks[i] != null) {
                values.put(CompiledGraph.mask(i), masks[i]);
            }
        }
        return values;
    }
}
