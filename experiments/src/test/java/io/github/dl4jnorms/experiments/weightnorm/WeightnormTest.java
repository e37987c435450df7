package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.MainRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class WeightnormTest {
    @TempDir
    Path out;

    /** The whole path on almost nothing. Claims about so little training may fail, which is no failure of the run. */
    @Test
    void endToEnd() throws IOException {
        StringWriter err = new StringWriter();
        int code = new CommandLine(new WeightnormCommand(seed -> new WeightnormSettings(3, 20, 2, 5, 4, 10, seed)))
                .setErr(new PrintWriter(err))
                .execute("--seed", "7", "--out", out.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        for (String png : List.of(
                "weight_norm",
                "spectral_norm",
                "lipschitz",
                "lipschitz_search",
                "gan_samples",
                "gan_training",
                "gan_perturbations")) {
            assertThat(ImageIO.read(out.resolve(png + ".png").toFile()).getWidth())
                    .as(png)
                    .isGreaterThan(600);
        }
        assertThat(lines("weight_norm.csv")).hasSize(1 + 41 * 3).contains("step,row,g,v_length,w_length");
        assertThat(lines("spectral_norm.csv"))
                .hasSize(1 + 4 * 4)
                .contains("step,layer,none,one_iteration,pytorch,bounded");
        assertThat(lines("lipschitz.csv")).hasSize(1 + 20);
        assertThat(lines("gan.csv")).hasSize(1 + 3 * 4);
        assertThat(lines("perturbations.csv")).hasSize(1 + 3 * 9);
        assertThat(out.resolve("report.html"))
                .content()
                .contains("arxiv.org/abs/1602.07868", "arxiv.org/abs/1802.05957", "Seed</dt><dd>7<")
                .contains(
                        "largest singular value of each of the 4 layers",
                        "The spectrally normalized discriminator never");
        for (String csv : List.of("weight_norm", "spectral_norm", "lipschitz", "gan", "perturbations")) {
            assertThat(out.resolve(csv + ".csv")).content().as(csv).doesNotContain("NaN", "Infinity");
        }
    }

    private List<String> lines(String csv) throws IOException {
        return Files.readAllLines(out.resolve(csv));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --gan-steps 3   | --gan-steps: takes whole numbers from 4 up, got 3
                    --gan-steps x   | 'x' is not an int
                    --out pom.xml   | --out takes a folder, got the file pom.xml
                    --norms bn      | Unknown options: '--norms', 'bn'
                    """)
    void wrongUse(String args, String message) {
        MainRunner norms = new MainRunner();
        assertThat(norms.run(("weightnorm " + args).split(" "))).isEqualTo(2);
        assertThat(norms.err()).startsWith("norms: ").contains(message).hasLineCount(1);
    }

    @Test
    void helpNamesOptionsAndDefaults() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("weightnorm", "--help")).isZero();
        assertThat(norms.out()).contains("--quick", "--out", "--seed", "--gan-steps", "default: 1500");
    }
}
