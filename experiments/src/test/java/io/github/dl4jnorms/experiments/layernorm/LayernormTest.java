package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small experiment from end to end; what took how long is left open. */
class LayernormTest {
    private static final LayernormSettings SETTINGS = new LayernormSettings(
            2,
            16,
            4096,
            4,
            2,
            List.of(8, 32),
            64,
            List.of(32, 128),
            3,
            1,
            new LayernormSettings.Model(16, 2, 2, 16, 30),
            7);

    private static LayernormResult result;
    private static List<Claim> claims;

    @TempDir
    Path out;

    @BeforeAll
    static void run() {
        try (Progress progress = Progress.start("test", LayernormResult.work(SETTINGS))) {
            result = LayernormResult.run(SETTINGS, progress);
        }
        claims = LayernormClaims.judge(result);
    }

    @Test
    void whatTheNormsAssureHolds() {
        assertThat(claims.subList(0, 4))
                .allSatisfy(claim -> assertThat(claim.holds()).as(claim.text()).isTrue());
        assertThat(result.large().rmsNorm().mean()).isBetween(0.8, 0.9); // 3 / √(3² + 2²)
    }

    @Test
    void everyPassIsKept() {
        LargeTensor large = result.large();
        assertThat(large.fused().layerNorm()).hasSize(4);
        assertThat(large.memcpy()).hasSize(4);
        assertThat(large.composed().rmsNorm()).hasSize(2);
        assertThat(result.sweep().byLength())
                .extracting(point -> point.shape().toString())
                .containsExactly("(2, 8, 64)", "(2, 32, 64)");
        assertThat(result.sweep().byDim())
                .extracting(point -> point.shape().dim())
                .containsExactly(32, 128);
        assertThat(result.sweep().all())
                .allSatisfy(point -> assertThat(point.bandwidth(Norm.RMS_NORM)).isPositive());
    }

    @Test
    void modelsLearn() {
        assertThat(result.curves()).hasSize(3).allSatisfy(curve -> {
            assertThat(curve.losses()).hasSize(30);
            assertThat(curve.finalLoss()).isLessThan(curve.losses()[0]);
            assertThat(curve.right()).isBetween(0.0, 1.0);
            assertThat(curve.seconds()).isSorted();
        });
        assertThat(result.layerNorm().losses()[0]).isBetween(2.0, 4.5); // ln 13 = 2.56
    }

    @Test
    void claimsThatDoNotHoldAreSaid() {
        TokenStatistics bad = new TokenStatistics(1e-3, 2e-4, 1e-5, 1e-5, 2e-4);
        Times slow = new Times(new double[] {1, 1}, new double[] {2, 2});
        Times fast = new Times(new double[] {0.1, 0.1}, new double[] {0.2, 0.2});
        LayernormResult worse = new LayernormResult(
                SETTINGS,
                new LargeTensor(bad, bad, slow, new double[] {1}, new double[] {0}, fast),
                result.sweep(),
                List.of(curve(1), curve(2), curve(0.5)),
                9_000_000_000L);
        assertThat(LayernormClaims.judge(worse)).extracting(Claim::holds).doesNotContain(true);
    }

    private static SequenceTraining.Curve curve(double loss) {
        return new SequenceTraining.Curve("a", new double[] {loss}, new double[] {1}, 1, 0);
    }

    @Test
    void reportHasEverythingAndNothingUnfinished() throws IOException {
        Path html =
                new LayernormReport(out, result).write(claims, new Provenance(Map.of("Command", "./norms layernorm")));
        String text = Files.readString(html).replaceAll("base64,[^\"]*", "");
        assertThat(text)
                .contains("arxiv.org/abs/1607.06450", "arxiv.org/abs/1910.07467", "(2, 32, 64)", "GFLOP/s", "entropy")
                .doesNotContain("%s", "%d", "%.", "NaN", "${");
        assertThat(claims).allSatisfy(claim -> assertThat(claim.evidence()).doesNotContain("%s", "%d", "%."));
        for (String png : List.of("passes", "sweep_length", "sweep_dim", "training")) {
            assertThat(out.resolve(png + ".png")).isNotEmptyFile();
        }
        assertThat(Files.readAllLines(out.resolve("passes.csv"))).hasSize(1 + 4 * 4 + 2 * 2);
        assertThat(Files.readAllLines(out.resolve("sweep.csv"))).hasSize(1 + 4 * 2 * 2);
        assertThat(Files.readAllLines(out.resolve("training.csv"))).hasSize(1 + 3 * 30);
    }

    @Test
    void curvesAreAveraged() {
        assertThat(LayernormPlots.smoothed(new double[] {1, 2, 3})).containsExactly(2);
        double[] ramp =
                java.util.stream.IntStream.range(0, 30).mapToDouble(i -> i).toArray();
        assertThat(LayernormPlots.smoothed(ramp)).containsExactly(4.5, 14.5, 24.5);
    }

    @Test
    void helpNamesWhatIsWritten() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("layernorm", "--help")).isZero();
        assertThat(norms.out()).contains("sweep.csv", "report.html", "--quick", "--seed");
        assertThat(norms.run("layernorm", "--dim", "3")).isEqualTo(2);
        assertThat(norms.err()).startsWith("norms: ").hasLineCount(1);
    }
}
