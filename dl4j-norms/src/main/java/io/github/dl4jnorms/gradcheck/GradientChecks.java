package io.github.dl4jnorms.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * One layer, several checks:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> gradients() {
 *     return GradientChecks.over(new MyNorm(), 4, Layout.values()).stream()
 *             .map(check -> DynamicTest.dynamicTest(check.name(), check::assertPasses));
 * }
 * }</pre>
 */
public final class GradientChecks {

    private GradientChecks() {}

    /** A check for each layout with small arrays of that many channels, and another with masks where there is time. */
    public static List<GradientCheck> over(Layer layer, long channels, Layout... layouts) {
        return over(
                layer, Arrays.stream(layouts).map(layout -> layout.of(channels)).toArray(InputType[]::new));
    }

    /** A check for each input type, and another with masks where there is time. */
    public static List<GradientCheck> over(Layer layer, InputType... types) {
        List<GradientCheck> checks = new ArrayList<>();
        for (InputType type : types) {
            checks.add(GradientCheck.of(layer).input(type));
            if (Layout.of(type).recurrent()) {
                checks.add(GradientCheck.of(layer).input(type).masked());
            }
        }
        return checks;
    }
}
