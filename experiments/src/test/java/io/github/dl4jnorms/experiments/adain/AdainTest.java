package io.github.dl4jnorms.experiments.adain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.synthetic.SceneImages;
import io.github.dl4jnorms.datasets.synthetic.TextureImages;
import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class AdainTest {
    @TempDir
    Path folder;

    private final MainRunner norms = new MainRunner();
    private Path scenes;
    private Path textures;

    @BeforeEach
    void pictures() {
        scenes = SceneImages.write(folder.resolve("scenes"), 32, 2, 1);
        textures = TextureImages.write(folder.resolve("textures"), 32, 2, 1);
    }

    /** On almost nothing: two steps of one pair of the smallest crops. */
    private int adain(String... options) {
        List<String> args = new ArrayList<>(List.of(
                "adain",
                "--quick",
                "--steps",
                "2",
                "--batch",
                "1",
                "--crop",
                "16",
                "--contents",
                scenes.toString(),
                "--styles",
                textures.toString()));
        args.addAll(List.of(options));
        return norms.run(args.toArray(String[]::new));
    }

    private Path save(String name, int width, int height) throws IOException {
        Path file = folder.resolve(name);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, (i % width * 5 << 16) + (i / width * 4 << 8) + 90);
        }
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    @Test
    void experiment() throws IOException {
        Path out = folder.resolve("out");
        String[] options = {"--norms", "none,in", "--out", out.toString()};
        assertThat(adain(options)).as(norms.err()).isZero();
        assertThat(norms.err()).isEmpty();
        assertThat(norms.out()).contains("random weights, seed 42", "none  step 2/2", "in    step 2/2", "report.html");
        for (String png : List.of("pair.png", "channel_statistics.png", "losses.png", "decoders.png")) {
            assertThat(ImageIO.read(out.resolve(png).toFile()).getWidth())
                    .as(png)
                    .isGreaterThan(600);
        }
        assertThat(out.resolve("report.html"))
                .content()
                .contains("AdaIN(x, y)", "relu3_1", "relu4_1", "InstanceNorm", "random weights", "Seed</dt><dd>42<");
        List<String> rows = Files.readAllLines(out.resolve("losses.csv"));
        assertThat(rows.get(0)).isEqualTo("norm,step,content_loss,style_loss,val_content_loss,val_style_loss,seconds");
        assertThat(rows).hasSize(5).anyMatch(row -> row.startsWith("none,2,")).anyMatch(row -> row.startsWith("in,2,"));
        assertThat(Files.readAllLines(out.resolve("channel_statistics.csv"))).hasSize(1 + 256 + 512);
        assertThat(out.resolve("decoders/in.safetensors")).exists();

        assertThat(adain(options)).isZero();
        assertThat(norms.out()).doesNotContain("step 2/2");
        assertThat(out.resolve("losses.csv")).hasContent(String.join("\n", rows));

        assertThat(adain("--norms", "in", "--out", out.toString(), "--seed", "7"))
                .isZero();
        assertThat(norms.out()).contains("moved to " + out.resolve("previous-1"));
        assertThat(out.resolve("previous-1/losses.csv")).hasContent(String.join("\n", rows));
    }

    /** Sizes that 8 does not divide, a folder of styles, a mixture of them. */
    @Test
    void paintings() throws IOException {
        Path content = save("photo.png", 45, 27);
        Path decoder = folder.resolve("decoder.safetensors");
        AdaINDecoder.create(NormSpec.NONE, 1).save(decoder);
        Path out = folder.resolve("out");
        List<String> painting =
                List.of("--content", content.toString(), "--decoder", decoder.toString(), "--out", out.toString());
        assertThat(adain(with(painting, "--strokes", "0", "--style", textures.toString())))
                .as(norms.err())
                .isZero();
        assertThat(norms.out())
                .contains("random weights", "photo in the style of")
                .doesNotContain("fitted now");
        for (String style : List.of("00000_strokes", "00001_stripes")) {
            BufferedImage result =
                    ImageIO.read(out.resolve("photo_" + style + ".png").toFile());
            assertThat(result.getWidth()).isEqualTo(45);
            assertThat(result.getHeight()).isEqualTo(27);
            assertThat(out.resolve("photo_" + style + "_side_by_side.png")).exists();
        }

        String[] mixed = {
            "--strokes",
            "0",
            "--style",
            textures.toString(),
            "--style-weights",
            "1,2",
            "--alpha",
            "0.5",
            "--preserve-color",
            "--size",
            "30"
        };
        assertThat(adain(with(painting, mixed))).as(norms.err()).isZero();
        assertThat(ImageFile.size(out.resolve("photo_00000_strokes+00001_stripes.png")))
                .hasToString("30×18");

        String[] strokes = {
            "--style",
            textures.resolve("00000_strokes.jpg").toString(),
            "--strokes",
            "0.5",
            "--cache",
            folder.resolve("cache").toString()
        };
        byte[] without = Files.readAllBytes(out.resolve("photo_00000_strokes.png"));
        assertThat(adain(with(painting, strokes))).as(norms.err()).isZero();
        assertThat(norms.out()).contains("fitted now");
        assertThat(out.resolve("photo_00000_strokes.png"))
                .satisfies(png -> assertThat(Files.readAllBytes(png)).isNotEqualTo(without));
    }

    private static String[] with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void whatCannotBePaintedIsOneLine() throws IOException {
        String photo = save("photo.png", 40, 30).toString();
        String text =
                Files.writeString(folder.resolve("text.png"), "no picture").toString();
        String dot = save("dot.png", 1, 1).toString();
        String narrow = save("narrow.png", 400, 20).toString();
        String cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(Files.readAllBytes(Path.of(photo)), 90))
                .toString();
        String empty = Files.createDirectory(folder.resolve("empty")).toString();
        String weights = Files.writeString(folder.resolve("wrong.safetensors"), "no weights at all")
                .toString();

        wrong("--content: " + text + ": not an image", "--content", text, "--style", photo);
        wrong("--content: " + cut + ": ", "--content", cut, "--style", photo);
        wrong("at least 16 pixels each way, " + dot + " has 1×1", "--content", photo, "--style", dot);
        wrong("has 100×5", "--content", narrow, "--style", photo, "--size", "100");
        wrong("--style: no picture that can be used in " + empty, "--content", photo, "--style", empty);
        wrong("--encoder: " + weights, "--content", photo, "--style", photo, "--encoder", weights);
        wrong("--decoder: " + weights, "--content", photo, "--style", photo, "--decoder", weights);
        wrong("--encoder: " + weights, "--encoder", weights);
        Path finer = folder.resolve("finer.safetensors");
        AdaINDecoder.fitted(Vgg19.random(1, Vgg19.RELU2_1, 2), Vgg19.RELU2_1, Nd4j.rand(2, 3, 16, 16), done -> {})
                .save(finer);
        wrong(
                "--decoder: takes a decoder of relu4_1, " + finer + " is one of relu2_1",
                "--content",
                photo,
                "--style",
                photo,
                "--decoder",
                finer.toString());
        wrong(
                "takes a weight for each of the 2 styles, got 3",
                "--content",
                photo,
                "--style",
                textures.toString(),
                "--style-weights",
                "1,2,3");
        wrong("takes numbers from 0 up, got -1.0", "--content", photo, "--style", photo, "--style-weights", "-1");
        wrong("at least one weight above 0", "--content", photo, "--style", photo, "--style-weights", "0");
        wrong(
                "--strokes: takes a number from 0 to 1, got -1.0",
                "--content",
                photo,
                "--style",
                photo,
                "--strokes",
                "-1");
        wrong("--alpha: takes a number from 0 to 1, got 1.5", "--content", photo, "--style", photo, "--alpha", "1.5");
        wrong(
                "--size: takes whole numbers from 16 to 2048, got 8",
                "--content",
                photo,
                "--style",
                photo,
                "--size",
                "8");
    }

    private void wrong(String message, String... options) {
        List<String> args =
                new ArrayList<>(List.of("adain", "--out", folder.resolve("none").toString()));
        args.addAll(List.of(options));
        assertThat(norms.run(args.toArray(String[]::new))).as(message).isEqualTo(2);
        assertThat(norms.err())
                .startsWith("norms: ")
                .contains(message)
                .hasLineCount(1)
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --content no.png --style no.png | --content: no such file: no.png
                    --content pom.xml               | --content: needs --style
                    --style pom.xml                 | --style: needs --content
                    --preserve-color                | --preserve-color: needs --content
                    --alpha x                       | 'x' is not a double
                    --contents no/such              | --contents: no such folder: no/such
                    --styles pom.xml                | --styles: not a folder: pom.xml
                    --encoder no.safetensors        | --encoder: no.safetensors: there is no such file
                    --encoder pom.xml               | --encoder: pom.xml: takes a file named
                    --norms foo                     | "foo"
                    --crop 20                       | --crop: takes a multiple of 8 from 16 up, got 20
                    --steps 0                       | --steps: takes whole numbers from 1 up, got 0
                    --batch -1                      | --batch: takes whole numbers from 1 up, got -1
                    --learning-rate 0               | --learning-rate: takes a positive number, got 0.0
                    --out pom.xml                   | --out takes a folder, got the file pom.xml
                    """)
    void wrongUse(String args, String message) {
        assertThat(norms.run(("adain " + args).split(" "))).isEqualTo(2);
        assertThat(norms.err()).startsWith("norms: ").contains(message).hasLineCount(1);
    }

    @Test
    void helpNamesOptionsAndDefaults() {
        assertThat(norms.run("adain", "--help")).isZero();
        assertThat(norms.out())
                .contains(
                        "--content", "--style", "--style-weights", "--alpha", "--preserve-color", "--size", "--encoder")
                .contains("--contents", "--norms", "--steps", "--quick", "--seed", "default: 512")
                .doesNotContain("${");
    }
}
