package io.github.dl4jnorms.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.bench.section.TextTable;
import io.github.dl4jnorms.experiments.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
    @TempDir
    Path out;

    @Test
    void csvHasARowForEachPeer() throws IOException {
        BenchCsv.write(
                out.resolve("bench.csv"),
                List.of(
                        new Row(
                                "kernel",
                                "layer forward 32x768",
                                "ours",
                                new Samples(0.01, 0.02, 0.03),
                                OptionalDouble.of(9.8304),
                                "memcpy",
                                OptionalDouble.of(2)),
                        new Row(
                                "step",
                                "resnet50",
                                "zoo",
                                new Samples(2000),
                                OptionalDouble.empty(),
                                "zoo",
                                OptionalDouble.empty())));
        assertThat(out.resolve("bench.csv")).hasContent("""
                        section,what,peer,median_ms,q1_ms,q3_ms,samples,gb_per_second,baseline,ratio
                        kernel,layer forward 32x768,ours,0.02000,0.01500,0.02500,3,9.830,memcpy,2.0000
                        step,resnet50,zoo,2000.00000,2000.00000,2000.00000,1,,zoo,
                        """);
    }

    @Test
    void columnsOfTheTerminalsTableAreAsWideAsTheyMustBe() {
        assertThat(TextTable.of(1, List.of("peer", "ms"), List.of(List.of("a", "1.5"), List.of("longer", "12.5"))))
                .isEqualTo("""
                        peer      ms
                        a        1.5
                        longer  12.5
                        """);
    }

    /** The real networks at the smallest size: some steps of ResNet-50 on one image. */
    @Test
    void quickRunOfTheStepWritesEverything() throws IOException {
        MainRunner norms = new MainRunner();
        int code = norms.run(
                "bench",
                "--quick",
                "--only",
                "step",
                "--batch-size",
                "1",
                "--steps",
                "1",
                "--seed",
                "7",
                "--out",
                out.toString());
        assertThat(norms.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(norms.out())
                .contains(
                        "zoo",
                        "ours-bn",
                        "ours-gn",
                        "detector-bn",
                        "detector-gn",
                        "dl4j",
                        "ours",
                        "step 1/1",
                        "report.html");
        List<String> csv = Files.readAllLines(out.resolve("bench.csv"));
        assertThat(csv.get(1)).matches("step,resnet50_training_step,zoo,[\\d.]+,[\\d.]+,[\\d.]+,1,,zoo,1\\.0000");
        assertThat(csv).anyMatch(line -> line.startsWith("step,detector_training_step,detector-gn,"));
        assertThat(csv).anyMatch(line -> line.startsWith("step,dit_block_training_step,ours,"));
        assertThat(out.resolve("report.html")).content().contains("batch size 1, images of 96×96", "0.33×");
        assertThat(out)
                .isDirectoryContaining("glob:**/resnet50_training_step.png")
                .isDirectoryContaining("glob:**/detector_training_step.png");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bench --image-size 64   | --image-size: takes a multiple of 32 from 96 up, got 64
                    bench --image-size 100  | --image-size: takes a multiple of 32 from 96 up, got 100
                    bench --batch-size 0    | --batch-size: takes whole numbers from 1 up, got 0
                    bench --steps 0         | --steps: takes whole numbers from 1 up, got 0
                    bench --steps x         | 'x' is not an int
                    bench --out pom.xml     | --out takes a folder, got the file pom.xml
                    bench --norms foo       | expected one of [layer, rms, group, batch, instance]
                    bench --only foo        | expected one of [kernels, step, memory]
                    """)
    void wrongUseIsOneLineAndExitCodeTwo(String args, String message) {
        MainRunner norms = new MainRunner();
        assertThat(norms.run(args.split(" "))).isEqualTo(2);
        assertThat(norms.err())
                .startsWith("norms: ")
                .contains(message)
                .contains("--help")
                .hasLineCount(1);
    }

    @Test
    void helpNamesOptionsAndDefaults() {
        MainRunner norms = new MainRunner();
        assertThat(norms.run("bench", "--help")).isZero();
        assertThat(norms.out())
                .contains("--quick", "--out", "--seed", "--image-size", "--batch-size", "--steps", "default: 128")
                .contains("--only", "kernels, step, memory", "--norms", "layer, rms, group,")
                .doesNotContain("${");
    }
}
