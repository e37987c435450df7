package io.github.dl4jnorms.experiments.batchnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small experiment, really trained, from end to end. */
class BatchnormTest {
    private static final BatchnormSettings SETTINGS =
            new BatchnormSettings(384, 96, 8, 32, 16, 0.3, 20, 3, List.of(2, 8, 32), 7);

    private static BatchnormResult result;
    private static List<Claim> claims;

    @TempDir
    Path out;

    @BeforeAll
    static void run() {
        try (Progress progress = Progress.start("test", BatchnormResult.work(SETTINGS))) {
            result = BatchnormResult.run(SETTINGS, progress);
        }
        claims = BatchnormClaims.judge(result);
    }

    private static Claim claim(String start) {
        return claims.stream()
                .filter(claim -> claim.text().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theNetworkLearns() {
        assertThat(result.training().steps()).hasSize(8 * 12);
        assertThat(result.training().steps().get(95).loss())
                .isLessThan(result.training().steps().get(0).loss());
        assertThat(result.accuracy()).isGreaterThan(0.6);
    }

    @Test
    void runningStatisticsFollowTheFormula() {
        for (int norm = 0; norm < 2; norm++) {
            double mean = 0;
            double variance = 1;
            for (Training.Statistics step : result.training().norm(norm)) {
                mean = 0.9 * mean + 0.1 * step.batch().mean();
                variance = 0.9 * variance + 0.1 * step.batch().variance();
                assertThat(step.running().mean()).isEqualTo(mean, within(1e-5));
                assertThat(step.running().variance()).isEqualTo(variance, within(1e-4 * variance));
            }
        }
        assertThat(result.training().runningErrorOverBatchError(0)).isBetween(0.05, 0.9);
    }

    @Test
    void companionsMatterInTrainingModeOnly() {
        assertThat(result.borderline().passes()).hasSize(3).allSatisfy(passes -> {
            assertThat(passes.training()).hasNumberOfRows(20);
            assertThat(passes.differentInTraining()).isGreaterThan(15);
            assertThat(passes.differentInEvaluation()).isEqualTo(1);
        });
        assertThat(claim("In evaluation mode all 20").holds()).isTrue();
        assertThat(result.mixed().get(0).flips())
                .isGreaterThan(result.mixed().get(2).flips());
        assertThat(result.untouched()).isTrue();
    }

    @Test
    void aBatchOfOneThrowsAndWouldComeOutAsBeta() {
        assertThat(result.one().message()).contains("more than one value per channel", "[1, 16]");
        assertThat(result.one().outputsAreBeta()).isTrue();
        assertThat(result.one().examples())
                .hasSize(3)
                .extracting(BatchOfOne.Example::in)
                .doesNotHaveDuplicates();
        assertThat(result.one().differentAnswers()).isEqualTo(1);
        assertThat(result.one().agreement()).isLessThan(1e-5);
    }

    @Test
    void claimsThatDoNotHoldAreSaid() {
        BatchnormResult worse = new BatchnormResult(
                SETTINGS,
                result.agreement(),
                result.training(),
                result.test(),
                0.5,
                result.borderline(),
                result.sure(),
                List.of(result.mixed().get(2), result.mixed().get(0)),
                List.of(result.mixed().get(0), result.mixed().get(0)),
                false,
                new BatchOfOne(null, List.of(), new float[0], new int[] {50, 46, 0}, 0));
        assertThat(BatchnormClaims.judge(worse))
                .filteredOn(claim -> !claim.holds())
                .extracting(Claim::evidence)
                .anySatisfy(text -> assertThat(text).isEqualTo("50.0% in evaluation mode"))
                .anySatisfy(
                        text -> assertThat(text).contains("running statistics before and after all passes: different"))
                .anySatisfy(text -> assertThat(text).isEqualTo("nothing was thrown"))
                .anySatisfy(text -> assertThat(text).contains("50, 46, 0"))
                .hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void reportHasEverythingAndNothingUnfinished() throws IOException {
        Path html =
                new BatchnormReport(out, result).write(claims, new Provenance(Map.of("Command", "./norms batchnorm")));
        String text = Files.readString(html).replaceAll("base64,[^\"]*", "");
        assertThat(text)
                .contains("arxiv.org/abs/1502.03167", "more than one value per channel", "96 test points", "spiral")
                .doesNotContain("%s", "%d", "%.", "NaN", "${");
        assertThat(claims).allSatisfy(claim -> assertThat(claim.evidence()).doesNotContain("%s", "%d", "%."));
        for (String png : List.of("running_variance", "statistics", "histograms", "flips", "flip_map", "accuracy")) {
            assertThat(out.resolve(png + ".png")).isNotEmptyFile();
        }
        assertThat(Files.readAllLines(out.resolve("statistics.csv"))).hasSize(1 + 2 * 96);
        assertThat(Files.readAllLines(out.resolve("fixed_points.csv"))).hasSize(1 + 2 * 3 * 20);
        assertThat(Files.readAllLines(out.resolve("test_passes.csv"))).hasSize(1 + 2 * 3 * 3);
        assertThat(Files.readAllLines(out.resolve("agreement.csv"))).hasSize(1 + 12);
    }

    @Test
    void mapIsDarkWhereAnswersFlip() {
        double[] flipped = new double[96];
        BufferedImage none =
                FlipMap.draw(result.training().network(), result.test().getFeatures(), flipped);
        flipped[0] = 1;
        BufferedImage one =
                FlipMap.draw(result.training().network(), result.test().getFeatures(), flipped);
        assertThat(black(one) - black(none)).isBetween(300L, 600L);
    }

    private static long black(BufferedImage image) {
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(p -> image.getRGB(p % image.getWidth(), p / image.getWidth()) == 0xFF000000)
                .count();
    }

    @Test
    void helpNamesWhatIsWritten() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("batchnorm", "--help")).isZero();
        assertThat(norms.out()).contains("fixed_points.csv", "report.html", "--quick", "--seed");
        assertThat(norms.run("batchnorm", "--passes", "3")).isEqualTo(2);
        assertThat(norms.err()).startsWith("norms: ").hasLineCount(1);
    }
}
