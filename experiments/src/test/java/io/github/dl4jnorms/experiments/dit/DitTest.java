package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.datasets.synthetic.ShapeImages;
import io.github.dl4jnorms.experiments.MainRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine;

class DitTest {
    @TempDir
    Path out;

    private final StringWriter err = new StringWriter();
    private String printed;

    private int dit(String... args) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return new CommandLine(new DitCommand(Tiny::settings))
                    .setErr(new PrintWriter(err))
                    .execute(args);
        } finally {
            System.setOut(before);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /**
     * The whole path on almost nothing, then again, then with images of one's own, one of them broken, which is another
     * experiment. Claims about so little training may fail.
     */
    @Test
    void endToEnd() throws IOException {
        assertThat(dit("--seed", "7", "--out", out.toString()))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(printed).contains("8 classes", "seed 7", "drawing: step 9 of 9", "peak memory", "report.html");
        for (String png : List.of(
                "waking", "conditioning", "norms", "images", "samples", "guidance_samples", "guidance", "loss")) {
            assertThat(ImageIO.read(out.resolve(png + ".png").toFile())).as(png).isNotNull();
        }
        assertThat(lines("identity.csv")).hasSize(1 + Identity.KINDS);
        assertThat(lines("waking.csv")).hasSize(1 + 2 * 4);
        assertThat(lines("conditioning_loss.csv")).hasSize(1 + 3).contains("step,adaln_zero,adaln,in_context,none");
        assertThat(lines("conditioning_depth.csv")).hasSize(1 + 4 * 3);
        assertThat(lines("norm_loss.csv")).hasSize(1 + 3).contains("step,ln,rms,gn8,bn");
        assertThat(lines("loss.csv")).hasSize(1 + 9);
        assertThat(lines("guidance.csv")).hasSize(1 + 8 * DitSettings.GUIDANCES.length);
        assertThat(out.resolve("report.html"))
                .content()
                .contains("arxiv.org/abs/2212.09748", "arxiv.org/abs/2210.02747", "arxiv.org/abs/2207.12598")
                .contains("Seed</dt><dd>7<", "Made images of 8 shapes", "crescent");
        ComputationGraph model =
                ModelSerializer.restoreComputationGraph(out.resolve("dit.zip").toFile());
        assertThat(model.output(Nd4j.zeros(1, 3, 8, 8), Nd4j.zeros(1, 1), Nd4j.zeros(1, 1))[0].shape())
                .containsExactly(1, 3, 8, 8);

        String samples = Files.readString(out.resolve("guidance.csv"));
        assertThat(dit("--seed", "7", "--out", out.toString())).isZero();
        assertThat(printed)
                .contains("Finished before and kept: identity, waking, adaln_zero-ln")
                .doesNotContain(": done");
        assertThat(out.resolve("guidance.csv")).hasContent(samples);

        Files.delete(out.resolve("parts/drawing.json"));
        assertThat(dit("--seed", "7", "--out", out.toString())).isZero();
        assertThat(printed).contains("drawing: done").doesNotContain("drawing: step");
        assertThat(out.resolve("guidance.csv")).hasContent(samples);

        Path data = ShapeImages.write(out.resolve("mine"), 12, 8, 1);
        Files.writeString(data.resolve("ring/broken.png"), "no image");
        assertThat(dit("--seed", "7", "--steps", "2", "--data", data.toString(), "--out", out.toString()))
                .as(err.toString())
                .isZero();
        assertThat(printed)
                .contains("moved to " + out.resolve("previous-1"), "drawing: step 2 of 2", "Left out: 1 file");
        assertThat(out.resolve("previous-1/checkpoint/training.zip")).exists();
        assertThat(lines("loss.csv")).hasSize(1 + 2);
        assertThat(out.resolve("report.html"))
                .content()
                .contains(data.toString(), "broken.png", "not an image of a kind that can be read");
    }

    private List<String> lines(String csv) throws IOException {
        return Files.readAllLines(out.resolve(csv));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --steps 0             | --steps: takes whole numbers from 1 up, got 0
                    --steps x             | 'x' is not an int
                    --data no/such/folder | --data: no such folder: no/such/folder
                    --data pom.xml        | --data: not a folder: pom.xml
                    --data src            | --data: no images by class (CLASS/IMAGE) in
                    --out pom.xml         | --out takes a folder, got the file pom.xml
                    --norms bn            | Unknown options: '--norms', 'bn'
                    """)
    void wrongUse(String args, String message) {
        MainRunner norms = new MainRunner();
        assertThat(norms.run(("dit " + args).split(" "))).isEqualTo(2);
        assertThat(norms.err()).startsWith("norms: ").contains(message).hasLineCount(1);
    }

    @Test
    void helpNamesOptionsAndDefaults() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("dit", "--help")).isZero();
        assertThat(norms.out())
                .contains("--quick", "--out", "--seed", "--data", "--steps", "default: " + DitSettings.STEPS)
                .doesNotContain("${");
    }
}
