package io.github.dl4jnorms.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;

/**
 * Reverse-mode differentiation of a SameDiff graph from a given gradient of its output. SameDiff's own starts from a scalar
 * loss; getting a given gradient into it takes either its ExternalErrors operation, which doubles every gradient, or extra
 * passes over memory.
 */
final class Gradients {

    private final SameDiff sameDiff;
    private final Map<String, SDVariable> gradients = new HashMap<>();

    private Gradients(SameDiff sameDiff) {
        this.sameDiff = sameDiff;
    }

    /**
     * Adds the operations that compute gradients to the graph.
     *
     * @param output the differentiated variable
     * @param seed its gradient
     * @param wanted names of the variables to differentiate by
     * @param constants names of the variables through which no gradient goes
     * @return by name, the gradient of each wanted variable that the output depends on
     */
    static Map<String, SDVariable> of(
            SDVariable output, SDVariable seed, Collection<String> wanted, Set<String> constants) {
        Gradients g = new Gradients(output.getSameDiff());
        g.gradients.put(output.name(), seed);
        g.backward(wanted, constants);
        Map<String, SDVariable> result = new HashMap<>(g.gradients);
        result.keySet().retainAll(wanted);
        return result;
    }

    private void backward(Collection<String> wanted, Set<String> constants) {
        List<SameDiffOp> forward = new ArrayList<>(sameDiff.getOps().values());
        Set<String> active = dependents(forward, wanted, constants);
        for (int i = forward.size() - 1; i >= 0; i--) {
            SameDiffOp op = forward.get(i);
            if (op.getOutputsOfOp().stream().noneMatch(v -> active.contains(v) && gradients.containsKey(v))
                    || op.getInputsToOp() == null
                    || op.getInputsToOp().stream().noneMatch(active::contains)) {
                continue;
            }
            differentiate(op, active);
        }
    }

    private void differentiate(SameDiffOp op, Set<String> active) {
        List<SDVariable> outputGradients = new ArrayList<>();
        for (String output : op.getOutputsOfOp()) {
            SDVariable gradient = gradients.get(output);
            outputGradients.add(gradient != null ? gradient : sameDiff.zerosLike(sameDiff.getVariable(output)));
        }
        DifferentialFunction function = op.getOp();
        List<SDVariable> inputGradients = function.doDiff(outputGradients);
        List<String> inputs = op.getInputsToOp();
        for (int i = 0; i < inputs.size() && i < inputGradients.size(); i++) {
            SDVariable gradient = inputGradients.get(i);
            if (gradient != null && active.contains(inputs.get(i))) {
                gradients.merge(inputs.get(i), gradient, SDVariable::add);
            }
        }
    }

    /** The floating-point variables that depend on the wanted ones, these included, other than through constants. */
    private Set<String> dependents(List<SameDiffOp> forward, Collection<String> wanted, Set<String> constants) {
        Set<String> dependents = new HashSet<>(wanted);
        for (SameDiffOp op : forward) {
            if (op.getInputsToOp() != null && op.getInputsToOp().stream().anyMatch(dependents::contains)) {
                for (String output : op.getOutputsOfOp()) {
                    if (!constants.contains(output)
                            && sameDiff.getVariable(output).dataType().isFPType()) {
                        dependents.add(output);
                    }
                }
            }
        }
        return dependents;
    }
}
