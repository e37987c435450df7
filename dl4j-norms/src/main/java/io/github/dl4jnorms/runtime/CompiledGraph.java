package io.github.dl4jnorms.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A definition's graph for one mode, set of input ranks and set of present masks, with its forward and backward programs. */
final class CompiledGraph {

    private static final String EPSILON = "epsilon";

    private final boolean training;
    private final int[] ranks;
    private final SameDiff sd = SameDiff.create();
    private final Set<String> inputs = new HashSet<>();
    private final List<String> given = new ArrayList<>();
    private final List<String> differentiable = new ArrayList<>();
    private final Set<String> constants;
    private final SDVariable output;
    private final Program forward;
    private Program backward;

    /** By buffer, the variable that holds its new value after the backward pass. */
    final Map<String, String> updates = new LinkedHashMap<>();
    /** By parameter or input, the variable that holds its gradient. */
    final Map<String, String> gradients = new LinkedHashMap<>();
    /** By variable that holds a gradient, the parameter or input. */
    final Map<String, String> differentiated = new HashMap<>();
    /** The variables in whose memory an input's gradient may be. */
    final Set<String> inputGradients = new HashSet<>();
    /** Variables that outlive the forward pass: the output, and in training what the backward pass reads. */
    final Set<String> kept = new HashSet<>();
    /** The variables in whose memory those may be: a view's is another's. */
    final Set<String> keptStorage = new HashSet<>();
    /** Whether the output may be in the memory of an input, a mask or a parameter. */
    final boolean outputIsGiven;

    CompiledGraph(GraphDefinition definition, boolean training, INDArray[] inputs, INDArray[] masks, DataType type) {
        this.training = training;
        this.ranks = ranks(inputs, masks);
        sd.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
        SDVariable[] inputVariables = new SDVariable[inputs.length];
        SDVariable[] maskVariables = new SDVariable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            this.inputs.add(input(i));
            inputVariables[i] = placeholder(sd, input(i), inputs[i], given);
            if (definition.differentiatesInputs() && inputs[i].dataType().isFPType()) {
                differentiable.add(input(i));
            }
            maskVariables[i] = masks[i] == null ? null : placeholder(sd, mask(i), masks[i], given);
        }
        Map<String, SDVariable> parameters = new LinkedHashMap<>();
        Parameters declared = Parameters.of(definition);
        declared.all().forEach((name, parameter) -> {
            parameters.put(name, sd.placeHolder(name, type, parameter.shape()));
            given.add(name);
            if (!declared.isBuffer(name)) {
                differentiable.add(name);
            }
        });

        Scope scope = new Scope(sd, training, parameters, maskVariables);
        this.output = definition.define(scope, inputVariables);
        this.constants = scope.constants();
        this.forward = new Program(sd, given, List.of(output.name()), List.of());

        kept.add(output.name());
        if (training) {
            scope.updates().forEach((buffer, value) -> updates.put(buffer, value.name()));
            differentiate();
            kept.addAll(backward.reads());
            kept.retainAll(forward.writes());
        }
        kept.forEach(variable -> keptStorage.addAll(forward.storageOf(variable)));
        outputIsGiven = !Collections.disjoint(forward.storageOf(output.name()), given);
    }

    /** Adds the backward program, which evaluation seldom needs. It computes the buffers' new values too, where forward has not. */
    void differentiate() {
        if (backward != null) {
            return;
        }
        SDVariable epsilon = sd.placeHolder(EPSILON, output.dataType());
        Gradients.of(output, epsilon, differentiable, constants).forEach((name, g) -> gradients.put(name, g.name()));
        List<String> known = new ArrayList<>(given);
        known.addAll(forward.writes());
        known.add(EPSILON);
        this.backward = new Program(sd, known, gradients.values(), updates.values());
        gradients.forEach((name, gradient) -> {
            differentiated.put(gradient, name);
            if (inputs.contains(name)) {
                inputGradients.addAll(backward.storageOf(gradient));
            }
        });
    }

    /** Whether this graph is for these inputs and masks. */
    boolean isFor(boolean training, INDArray[] inputs, INDArray[] masks) {
        return this.training == training && Arrays.equals(ranks, ranks(inputs, masks));
    }

    private static int[] ranks(INDArray[] inputs, INDArray[] masks) {
        int[] ranks = new int[2 * inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            ranks[2 * i] = inputs[i].rank();
            ranks[2 * i + 1] = masks[i] == null ? -1 : masks[i].rank();
        }
        return ranks;
    }

    String output() {
        return output.name();
    }

    Program forward() {
        return forward;
    }

    Program backward() {
        return backward;
    }

    static String input(int i) {
        return "input" + i;
    }

    static String mask(int i) {
        return "mask" + i;
    }

    static String epsilon() {
        return EPSILON;
    }

    private static SDVariable placeholder(SameDiff sd, String name, INDArray array, List<String> given) {
        given.add(name);
        long[] shape = new long[array.rank()];
        Arrays.fill(shape, -1);
        return sd.placeHolder(name, array.dataType(), shape);
    }
}
