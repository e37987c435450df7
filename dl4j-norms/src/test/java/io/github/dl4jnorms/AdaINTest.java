package io.github.dl4jnorms;

import static io.github.dl4jnorms.Arrays.assertClose;
import static io.github.dl4jnorms.Arrays.layouts;

import io.github.dl4jnorms.op.ComposedForm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class AdaINTest {

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "cnn", "cnn3d"})
    void isPyTorchsFormula(String kind) {
        Torch.check(
                "ada_in_" + kind,
                (sd, in) -> SDNorms.adaIn(sd, in.get("content"), in.get("style"), 1e-5),
                "content",
                "style");
    }

    @ParameterizedTest
    @CsvSource({"false, DOUBLE", "false, FLOAT", "false, HALF", "true, DOUBLE", "true, FLOAT", "true, HALF"})
    void onArraysOfAnyLayoutIntoAnyOutput(boolean composed, DataType type) {
        Fixture torch = Fixture.of("ada_in_cnn");
        INDArray content = torch.get("content", type);
        INDArray style = torch.get("style", type);
        INDArray expected = torch.get("y", type);
        try (ComposedForm form = ComposedForm.use(composed)) {
            layouts(content)
                    .forEach((layout, c) -> layouts(style)
                            .forEach((styleLayout, s) -> assertClose(
                                    "content " + layout + ", style " + styleLayout,
                                    Norms.adaIn(c, s, 1e-5),
                                    expected)));
            layouts(content.like())
                    .forEach((layout, out) ->
                            assertClose("out " + layout, Norms.adaIn(content, style, 1e-5, out), expected));
            layouts(content)
                    .forEach(
                            (layout, c) -> assertClose("in place " + layout, Norms.adaIn(c, style, 1e-5, c), expected));
        }
    }
}
