package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.weight.Parametrization;
import io.github.dl4jnorms.weight.WeightNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A weight-normalized linear layer learns a linear map by gradient descent, on PyTorch's data from PyTorch's start.
 *
 * @param initial what the initializer gave, and what the layer computes with at start
 * @param start   before the first step
 * @param steps   the steps of training
 */
record LinearTraining(Initial initial, State start, List<Step> steps) {
    private static final String V = WeightNorm.direction("W");
    private static final String G = WeightNorm.length("W");
    private static final int[] SHAPE = {5, 3};

    /** The same seed with and without weight normalization. */
    record Initial(INDArray plain, INDArray normalized) {
        static Initial of(long seed) {
            return new Initial(
                    linear(Parametrization.none(), 0, seed).weights(false).get(0),
                    linear(new WeightNorm(), 0, seed).weights(false).get(0));
        }

        double difference() {
            return LinearTraining.difference(normalized, plain);
        }
    }

    /** The direction {@code [out, in]}, the lengths {@code [out]}, and the weight that comes of them. */
    record State(INDArray v, INDArray g, INDArray w) {
        static State of(Mlp layer) {
            return new State(
                    layer.parameter(0, V).dup(),
                    layer.parameter(0, G).reshape(SHAPE[1]).dup(),
                    layer.weights(false).get(0));
        }

        INDArray lengthsOfV() {
            return v.norm2(1);
        }

        INDArray lengthsOfW() {
            return w.norm2(1);
        }
    }

    /**
     * @param before the parameters that the gradients are taken at
     * @param after  the parameters after the step
     * @param dv     the gradient by v, {@code [out, in]}
     * @param dg     the gradient by g, {@code [out]}
     * @param dw     the gradient by w of the same layer without weight normalization
     * @param torch  the largest difference from PyTorch's output, gradients and new parameters
     */
    record Step(State before, State after, INDArray dv, INDArray dg, INDArray dw, double torch) {
        private INDArray unit() {
            return before.v().divColumnVector(column(before.lengthsOfV()));
        }

        /** How far w's rows are from having the length |g|. */
        double lengthError() {
            return difference(after.lengthsOfW(), Transforms.abs(after.g()));
        }

        /** The largest cosine between a row of v and its gradient. */
        double cosine() {
            INDArray products = before.v().mul(dv).sum(1);
            return Transforms.abs(products.div(before.lengthsOfV().mul(dv.norm2(1))))
                    .maxNumber()
                    .doubleValue();
        }

        /** How far g's gradient is from being the part of w's along the direction. */
        double radialError() {
            return difference(dg, dw.mul(unit()).sum(1));
        }

        /** How far v's gradient is from being the part of w's across the direction, times g / ‖v‖. */
        double tangentialError() {
            INDArray along = unit().mulColumnVector(column(dw.mul(unit()).sum(1)));
            return difference(
                    dv, dw.sub(along).mulColumnVector(column(before.g().div(before.lengthsOfV()))));
        }

        /** How far v's new length is from the hypotenuse of its old one and the step. */
        double pythagorasError(double rate) {
            INDArray old = before.lengthsOfV();
            INDArray step = dv.norm2(1).mul(rate);
            return difference(after.lengthsOfV(), Transforms.sqrt(old.mul(old).add(step.mul(step))));
        }
    }

    static LinearTraining run(TorchFixture torch, long seed, Progress progress) {
        double rate = torch.number("rate");
        Mlp normalized = linear(new WeightNorm(), rate, seed);
        Mlp plain = linear(Parametrization.none(), rate, seed);
        INDArray w = torch.get("W");
        normalized.parameter(0, V).assign(w);
        normalized.parameter(0, G).assign(column(w.norm2(1)));
        normalized.parameter(0, "b").assign(torch.get("b"));

        State start = State.of(normalized);
        List<Step> steps = new ArrayList<>();
        State before = start;
        for (int i = 0; i < torch.steps("x"); i++) {
            INDArray x = torch.step("x", i);
            INDArray dy = torch.step("dy", i);
            INDArray y = normalized.forward(x);
            normalized.backward(dy);
            INDArray dv = normalized.gradient(0, V).dup();
            INDArray dg = normalized.gradient(0, G).reshape(SHAPE[1]).dup();
            INDArray db = normalized.gradient(0, "b").dup();
            normalized.update();
            State after = State.of(normalized);

            plain.parameter(0, "W").assign(before.w());
            plain.forward(x);
            plain.backward(dy);

            Map<String, INDArray> ours = Map.of(
                    "y",
                    y,
                    "dWv",
                    dv,
                    "dWg",
                    dg,
                    "db",
                    db,
                    "Wv",
                    after.v(),
                    "Wg",
                    after.g(),
                    "b",
                    normalized.parameter(0, "b"));
            int step = i;
            double worst = ours.entrySet().stream()
                    .mapToDouble(e -> difference(
                            e.getValue(),
                            torch.step(e.getKey(), step).reshape(e.getValue().shape())))
                    .max()
                    .orElseThrow();
            steps.add(new Step(before, after, dv, dg, plain.gradient(0, "W").dup(), worst));
            before = after;
            progress.step(1);
        }
        return new LinearTraining(Initial.of(seed), start, steps);
    }

    /** The start, and the state after each step. */
    List<State> states() {
        return Stream.concat(Stream.of(start), steps.stream().map(Step::after)).toList();
    }

    private static Mlp linear(Parametrization parametrization, double rate, long seed) {
        return new Mlp(parametrization, Activation.IDENTITY, new Sgd(rate), seed, SHAPE);
    }

    private static INDArray column(INDArray vector) {
        return vector.reshape(vector.length(), 1);
    }

    /** The largest, as a share of the largest number among the expected ones. */
    static double difference(INDArray actual, INDArray expected) {
        return actual.sub(expected).amaxNumber().doubleValue()
                / expected.amaxNumber().doubleValue();
    }
}
