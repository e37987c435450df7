package io.github.dl4jnorms;

import io.github.dl4jnorms.op.ComposedForm;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Norms on SameDiff variables beside PyTorch's: output and the gradient of every input. */
public final class Torch {

    private Torch() {}

    /** A norm of named variables. */
    @FunctionalInterface
    public interface Function {
        SDVariable apply(SameDiff sd, Map<String, SDVariable> inputs);
    }

    /**
     * Compares in both forms, float and double.
     *
     * @param inputs names of the fixture's arrays that the norm takes
     */
    public static void check(String fixture, Function norm, String... inputs) {
        Fixture torch = Fixture.of(fixture);
        for (boolean composed : new boolean[] {false, true}) {
            for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
                try (ComposedForm form = ComposedForm.use(composed)) {
                    check(torch, norm, type, inputs);
                }
            }
        }
    }

    private static void check(Fixture torch, Function norm, DataType type, String... inputs) {
        SameDiff sd = SameDiff.create();
        Map<String, INDArray> arrays = Stream.concat(Stream.of(inputs), Stream.of("dy"))
                .collect(Collectors.toMap(name -> name, name -> torch.get(name, type)));
        Map<String, SDVariable> variables =
                Stream.of(inputs).collect(Collectors.toMap(name -> name, name -> sd.var(name, arrays.remove(name))));
        SDVariable y = norm.apply(sd, variables).rename("y");
        y.mul(sd.placeHolder("dy", type, arrays.get("dy").shape())).sum().markAsLoss();
        torch.check("y", sd.output(arrays, List.of("y")).get("y"));
        sd.calculateGradients(arrays, inputs).forEach((name, gradient) -> torch.check("d" + name, gradient));
    }
}
