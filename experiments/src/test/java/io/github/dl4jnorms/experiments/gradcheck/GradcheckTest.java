package io.github.dl4jnorms.experiments.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.gradcheck.GradientCheck;
import io.github.dl4jnorms.runtime.DefinedLayer;
import io.github.dl4jnorms.runtime.DefinedVertex;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import picocli.CommandLine;

class GradcheckTest {

    /** Some layouts of the norms. */
    private static final String FILTER = "norm nc";

    @TempDir
    Path out;

    /** DL4J's own, whose gradient is twice too large. */
    public static class StockDouble extends SameDiffLambdaLayer {
        @Override
        public SDVariable defineLayer(SameDiff sd, SDVariable x) {
            return x.mul(3);
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType inputType) {
            return inputType;
        }
    }

    private static List<Case> someWrong() {
        return List.of(
                new Case(
                        "Right",
                        "NC",
                        "TANH",
                        GradientCheck.of(new ActivationLayer(Activation.TANH)).input(InputType.feedForward(2))),
                new Case("Wrong", "NC", "", GradientCheck.of(new StockDouble()).input(InputType.feedForward(2))),
                new Case(
                        "Impossible",
                        "NC",
                        "",
                        GradientCheck.of(new DenseLayer.Builder().nOut(2).build())));
    }

    @Test
    void everyLayerAndVertexIsInTheCatalogue() {
        Set<String> ours = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.github.dl4jnorms")
                        .stream()
                        .filter(c -> c.isAssignableTo(DefinedLayer.class) || c.isAssignableTo(DefinedVertex.class))
                        .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());
        assertThat(ours).contains("BatchNorm", "ResidualAdd");
        assertThat(Catalogue.all(1))
                .extracting(Case::layer)
                .as("a line in Catalogue.list()")
                .containsAll(ours);
    }

    @Test
    void namesAreUniqueAndTheFilterFindsThem() {
        List<Case> all = Catalogue.all(1);
        assertThat(all).extracting(Case::name).doesNotHaveDuplicates();
        assertThat(Catalogue.matching(all, "groupnorm nhwc"))
                .isNotEmpty()
                .allMatch(c -> c.layer().equals("GroupNorm") && c.layout().equals("NHWC"));
        assertThat(Catalogue.quick(all))
                .hasSizeLessThan(all.size() / 2)
                .extracting(Case::layer)
                .containsAll(all.stream().map(Case::layer).toList());
    }

    @Test
    void aRunWritesEverything() throws IOException {
        MainRunner norms = new MainRunner();
        int code = norms.run("gradcheck", "--quick", "--filter", FILTER, "--seed", "7", "--out", out.toString());
        assertThat(norms.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(norms.out()).contains("Layer", "BatchNorm", "NCDHW", "GroupNorm", "PASS", "report.html");
        assertThat(norms.out()).doesNotContain("FAIL", "Conv2D");
        assertThat(Files.readAllLines(out.resolve("gradcheck.csv")))
                .contains("layer,layout,variant,checked,worst,max_relative_error,result,faults")
                .hasSize(1
                        + Catalogue.quick(Catalogue.matching(Catalogue.all(7), FILTER))
                                .size())
                .element(1)
                .asString()
                .matches("BatchNorm,NC,affine,\\d+,(gamma|beta|input),[\\d.]+e-\\d+,PASS,");
        assertThat(out.resolve("report.html"))
                .content()
                .contains("data:image/png;base64,", "The gradients of GroupNorm are right", "--filter")
                .doesNotContain("✗");
        assertThat(out).isDirectoryContaining("glob:**/errors.png");
    }

    @Test
    void whatIsWrongIsSaidAndTheExitCodeIsOne() throws IOException {
        StringWriter err = new StringWriter();
        int code = new CommandLine(new GradcheckCommand(seed -> someWrong()))
                .setErr(new PrintWriter(err))
                .execute("--out", out.toString());
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("2 of 3 gradient checks fail: Wrong NC; Impossible NC");
        assertThat(Files.readAllLines(out.resolve("gradcheck.csv")))
                .anyMatch(line -> line.matches("Right,NC,TANH,6,input,[\\d.]+e-\\d+,PASS,"))
                .contains("Wrong,NC,,6,input,3.333e-01,FAIL,")
                .anyMatch(
                        line -> line.startsWith("Impossible,NC,,0,,Infinity,FAIL,\"throws input: takes an InputType"));
        assertThat(out.resolve("report.html"))
                .content()
                .contains("✗ does not", "Wrong NC", "its gradient is wrong, error 3.3e-01", "throws input: takes");
    }

    @Test
    void aLayersClaimHoldsIfAllOfItsCasesPass() {
        List<Outcome> outcomes = someWrong().stream().map(Outcome::of).toList();
        List<Claim> claims = new GradcheckReport(out, outcomes, 1e-5).claims();
        assertThat(claims).extracting(Claim::holds).containsExactly(true, false, false);
        assertThat(claims.get(1).evidence()).isEqualTo("0 of 1 cases; largest error 3.3e-01 (Wrong NC, input)");
    }

    @Test
    void aReportOfOneFailureCanBeDrawn() throws IOException {
        List<Outcome> outcomes = List.of(Outcome.of(someWrong().get(2)));
        new GradcheckReport(out, outcomes, 1e-5).write(new Provenance(Map.of()));
        assertThat(out).isDirectoryContaining("glob:**/errors.png");
    }

    @Test
    void wrongUse() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("gradcheck", "--filter", "nothing like it")).isEqualTo(2);
        assertThat(norms.err())
                .startsWith("norms: --filter: takes a text that is in the name of a case, got nothing like it")
                .hasLineCount(1);
        assertThat(norms.run("gradcheck", "--help")).isZero();
        assertThat(norms.out()).contains("--filter", "--quick", "--out", "--seed");
    }
}
