package io.github.dl4jnorms.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checks the gradients of a layer, a vertex or a network, by every parameter and every input, against central differences in
 * double precision:
 *
 * <pre>{@code
 * GradientCheck.of(new GroupNorm.Builder().groups(2).build())
 *         .input(InputType.convolutional(4, 5, 6))
 *         .assertPasses();
 * }</pre>
 *
 * It takes anybody's: DL4J's own layers, stock SameDiffLayers and SameDiffVertexes, {@code DefinedLayer}s. In JUnit 5, which
 * it does not need, a check is {@code DynamicTest.dynamicTest(check.name(), check::assertPasses)}, and {@link GradientChecks}
 * makes checks for a {@code @TestFactory}.
 *
 * <h2>Method</h2>
 *
 * <p>The configuration is copied with its {@code clone()}; the copy is in double precision, without dropout, weight noise and
 * regularization, and runs in DL4J's ComputationGraph: with its workspaces if it has a loss, else without. Inputs are standard normal. Trained parameters are
 * moved from where they were initialized by normal noise (a γ that is 1 would hide a missing factor γ), the others up by
 * uniform noise (running statistics that are 0 and 1 would hide as much). The differentiated number {@code f} is the network's
 * loss, with random distributions over the channels as labels; without a loss it is {@code Σ y · r} with a random {@code r},
 * zero at masked time steps, so that {@code r} is the gradient that the backward pass starts from.
 *
 * <p>Each entry p is compared with {@code (f(p + ε) − f(p − ε)) / 2ε}, two forward passes. The error is
 *
 * <pre>|analytic − numeric| / max(|analytic| + |numeric|, minAbsoluteError / maxRelativeError)</pre>
 *
 * which is at most {@code maxRelativeError} just if the relative or the absolute difference is small enough. A gradient that
 * is twice too large has the error 1/3.
 *
 * <p>Besides, these fail a check: a parameter or an input without gradient, a gradient of another shape or outside of the
 * array that the updater sees, passes that write into an input or a parameter, two equal forward or backward passes that
 * differ, anything that is not a number.
 *
 * <p>A parameter is left out as a buffer if its layer answers {@code NoOp} as its updater, even when the network's is another
 * one: the running statistics of BatchNormalization, buffers of a {@code DefinedLayer}, frozen layers.
 *
 * <h2>Limits</h2>
 *
 * <p>Where the function has a kink (a ReLU at 0, a maximum that changes places) less than ε away, the difference is no
 * derivative. An entry over the limit is therefore measured again with ε/10 and ε/100, and its smallest error counts: a wrong
 * gradient stays wrong, a kink is likely to be left behind. If it is not, take another seed. Shorter steps than 1e-8 drown in
 * rounding, and so does a function whose value is large beside its gradient.
 *
 * <p>Layers with randomness of their own cannot be checked; they fail for differing passes. Truncated backpropagation through
 * time is not regarded. What a layer's {@code clone()} loses is not checked. A MultiLayerConfiguration is checked as the graph
 * of its layers.
 *
 * <p>Not to be shared between threads; runs wait for each other, as double is ND4J's default type meanwhile.
 */
public final class GradientCheck {

    /** What two equal backward passes may differ by, relative to the largest gradient: sums in another order. */
    private static final double REPEATABLE = 1e-10;

    private final Function<InputType[], ComputationGraphConfiguration> configuration;
    private final String subject;
    private String name;
    private InputType[] inputTypes = {};
    private INDArray[] inputs;
    private INDArray[] masks;
    private INDArray[] labels;
    private boolean masked;
    private boolean inputGradients = true;
    private boolean training = true;
    private double epsilon = 1e-6;
    private double maxRelativeError = 1e-5;
    private double minAbsoluteError = 1e-8;
    private double parameterNoise = 0.1;
    private long seed = 42;
    private int batchSize = 3;
    private int entries = Integer.MAX_VALUE;

    private GradientCheck(String subject, Function<InputType[], ComputationGraphConfiguration> configuration) {
        this.subject = subject;
        this.configuration = configuration;
    }

    /** Of a layer by itself; {@link #input} says what it is fed. */
    public static GradientCheck of(Layer layer) {
        return new GradientCheck(nameOf(layer), types -> Copies.of(layer, types));
    }

    /** Of a vertex by itself, with as many inputs as {@link #input} says. */
    public static GradientCheck of(GraphVertex vertex) {
        return new GradientCheck(nameOf(vertex), types -> Copies.of(vertex, types));
    }

    /** Of all layers of a network. */
    public static GradientCheck of(MultiLayerConfiguration network) {
        return new GradientCheck("MultiLayerNetwork", types -> Copies.of(network));
    }

    /** Of all layers and vertices of a network. */
    public static GradientCheck of(ComputationGraphConfiguration network) {
        return new GradientCheck("ComputationGraph", types -> Copies.of(network));
    }

    private static double positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + ": takes a number greater than 0, received " + value);
        }
        return value;
    }

    private static String nameOf(Object configuration) {
        String simple = configuration.getClass().getSimpleName();
        return simple.isEmpty() ? configuration.getClass().getName() : simple;
    }

    /** The input's type, or the types of all inputs in order; has no default. A length that it leaves open becomes 4. */
    public GradientCheck input(InputType... types) {
        this.inputTypes = types.clone();
        return this;
    }

    /** Input arrays instead of random ones; they are copied. */
    public GradientCheck inputArrays(INDArray... arrays) {
        this.inputs = arrays.clone();
        return this;
    }

    /** Sequences of random lengths in each recurrent input; default: no masks. */
    public GradientCheck masked() {
        this.masked = true;
        return this;
    }

    /** Masks of one's own, one per input, null for none. */
    public GradientCheck maskArrays(INDArray... arrays) {
        this.masks = arrays.clone();
        return this;
    }

    /** Labels instead of random ones, one array per output, for a network with a loss. */
    public GradientCheck labels(INDArray... arrays) {
        this.labels = arrays.clone();
        return this;
    }

    /** Whether the gradients by the inputs are due, too; default true. An embedding has none. */
    public GradientCheck inputGradients(boolean inputGradients) {
        this.inputGradients = inputGradients;
        return this;
    }

    /** Whether the forward pass is that of training or that of evaluation, for networks without a loss; default true. */
    public GradientCheck training(boolean training) {
        this.training = training;
        return this;
    }

    /** The step ε of the differences; default 1e-6. */
    public GradientCheck epsilon(double epsilon) {
        this.epsilon = positive("epsilon", epsilon);
        return this;
    }

    /** The largest relative error of an entry; default 1e-5. Right gradients stay under 1e-7 almost always. */
    public GradientCheck maxRelativeError(double error) {
        this.maxRelativeError = positive("maxRelativeError", error);
        return this;
    }

    /** A difference as small as this is right, whatever the relative error: the differences' rounding; default 1e-8. */
    public GradientCheck minAbsoluteError(double error) {
        this.minAbsoluteError = positive("minAbsoluteError", error);
        return this;
    }

    /** Size of the noise that moves parameters from their initial values; default 0.1. */
    public GradientCheck parameterNoise(double size) {
        if (!(size >= 0)) {
            throw new IllegalArgumentException("parameterNoise: takes a number of at least 0, received " + size);
        }
        this.parameterNoise = size;
        return this;
    }

    /** Seed of everything random; default 42. */
    public GradientCheck seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Examples in the batch; default 3. */
    public GradientCheck batchSize(int batchSize) {
        this.batchSize = (int) positive("batchSize", batchSize);
        return this;
    }

    /** The most entries of each array that are compared, chosen at random; default all. */
    public GradientCheck entriesPerArray(int entries) {
        this.entries = (int) positive("entriesPerArray", entries);
        return this;
    }

    /** What the check is called; default the class's name, the layout, whether masked, and whether in evaluation mode. */
    public GradientCheck name(String name) {
        this.name = name;
        return this;
    }

    public String name() {
        if (name != null) {
            return name;
        }
        Set<String> layouts = Arrays.stream(inputTypes)
                .map(type -> Layout.of(type).name())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return subject + " " + String.join("+", layouts) + (masked || masks != null ? " masked" : "")
                + (training ? "" : " evaluation");
    }

    /** Throws an AssertionError with the result's table unless the check passes. */
    public void assertPasses() {
        GradientCheckResult result = run();
        if (!result.passed()) {
            throw new AssertionError(result.toString());
        }
    }

    /** Runs the check. What the layer itself throws is passed on. */
    public GradientCheckResult run() {
        synchronized (GradientCheck.class) {
            DataType type = Nd4j.dataType();
            DataType floating = Nd4j.defaultFloatingPointType();
            Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
            try {
                return check();
            } finally {
                Nd4j.setDefaultDataTypes(type, floating);
            }
        }
    }

    private GradientCheckResult check() {
        RandomArrays random = new RandomArrays(seed);
        CheckedNetwork network = network(random);
        List<String> faults = new ArrayList<>();
        if (!Arrays.equals(network.terms(), network.terms())) {
            faults.add("two equal forward passes differ: what is random cannot be checked");
        }
        Map<String, INDArray> gradients = network.gradient(faults);
        Map<String, INDArray> again = network.gradient(new ArrayList<>());
        FiniteDifferences differences =
                new FiniteDifferences(network::terms, epsilon, maxRelativeError, minAbsoluteError / maxRelativeError);
        List<ArrayResult> results = new ArrayList<>();
        network.arrays().forEach((array, values) -> {
            INDArray gradient = gradients.get(array);
            if (gradient == null) {
                return;
            }
            if (gradient.isNaN().any() || gradient.isInfinite().any()) {
                faults.add(array + ": its gradient is not finite");
            } else if (!gradient.equalsWithEps(
                    again.get(array), REPEATABLE * (1 + gradient.amaxNumber().doubleValue()))) {
                faults.add(array + ": two equal backward passes give different gradients");
            }
            results.add(differences.compare(array, values, gradient, random.indices(values.length(), entries)));
        });
        return new GradientCheckResult(
                name(), results, List.copyOf(network.buffers().keySet()), faults, maxRelativeError);
    }

    private void requireOnePerInput(String name, INDArray[] arrays) {
        if (arrays != null && arrays.length != inputTypes.length) {
            throw new IllegalArgumentException(
                    name + ": takes one for each of " + inputTypes.length + " inputs, received " + arrays.length);
        }
    }

    private CheckedNetwork network(RandomArrays random) {
        if (inputTypes.length == 0) {
            throw new IllegalArgumentException("input: takes an InputType for each input, received none");
        }
        ComputationGraphConfiguration graph = configuration.apply(inputTypes);
        if (graph.getNetworkInputs().size() != inputTypes.length) {
            throw new IllegalArgumentException("input: takes an InputType for each of the inputs "
                    + graph.getNetworkInputs() + ", received " + Arrays.toString(inputTypes));
        }
        requireOnePerInput("inputArrays", inputs);
        requireOnePerInput("maskArrays", masks);
        INDArray[] x = new INDArray[inputTypes.length];
        Arrays.setAll(
                x,
                i -> inputs == null
                        ? random.input(inputTypes[i], batchSize)
                        : inputs[i].castTo(DataType.DOUBLE).dup('c'));
        INDArray[] mask = masks;
        if (masked) {
            mask = new INDArray[x.length];
            Arrays.setAll(mask, i -> random.mask(inputTypes[i], x[i]));
            if (Arrays.stream(mask).allMatch(Objects::isNull)) {
                throw new IllegalArgumentException(
                        "masked: takes a recurrent input, received " + Arrays.toString(inputTypes));
            }
        }
        CheckedNetwork network = new CheckedNetwork(graph, seed, training, inputGradients);
        network.trained().values().forEach(p -> p.addi(random.normal(p.shape()).mul(parameterNoise)));
        network.buffers().values().forEach(p -> p.addi(random.uniform(p.shape()).mul(parameterNoise)));
        network.feed(x, mask, labels, inputTypes, random);
        return network;
    }
}
