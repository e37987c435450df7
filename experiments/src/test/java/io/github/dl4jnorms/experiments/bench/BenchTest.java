package io.github.dl4jnorms.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.MainRunner;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class BenchTest {
    private static final BenchSettings SETTINGS = new BenchSettings(128, 8, 4, 3, 1000, 42);

    @TempDir
    Path out;

    private static Timing timing(String peer, double... milliseconds) {
        return new Timing(peer, 1_000_000, 6.9, milliseconds);
    }

    private static final List<Timing> TIMINGS = List.of(
            timing("zoo", 2000, 2400, 2100, 2200),
            timing("ours-bn", 900, 1075, 1075, 1200),
            timing("ours-gn", 1100, 1300));

    private BenchReport report() {
        List<Peer> peers =
                TIMINGS.stream().map(t -> new Peer(t.peer(), "a network", null)).toList();
        return new BenchReport(out, SETTINGS, peers, TIMINGS);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 7, 7, 7",
        "1 3, 1.5, 2, 2.5",
        "9 1 5, 3, 5, 7",
        "4 1 3 2, 1.75, 2.5, 3.25", // numpy.percentile([1, 2, 3, 4], [25, 50, 75])
        "50 10 40 20 30, 20, 30, 40"
    })
    void quartilesAreNumPys(String values, double q1, double median, double q3) {
        double[] milliseconds = List.of(values.split(" ")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        double[] before = milliseconds.clone();
        Timing timing = timing("peer", milliseconds);
        assertThat(timing.q1()).isEqualTo(q1, within(1e-12));
        assertThat(timing.median()).isEqualTo(median, within(1e-12));
        assertThat(timing.q3()).isEqualTo(q3, within(1e-12));
        assertThat(milliseconds).as("the order of the steps is kept").isEqualTo(before);
    }

    @Test
    void csvHasARowForEachPeer() throws IOException {
        BenchCsv.write(out.resolve("bench.csv"), "step", TIMINGS, TIMINGS.get(0));
        assertThat(out.resolve("bench.csv")).hasContent("""
                        what,peer,median_ms,q1_ms,q3_ms,steps,ratio_to_zoo
                        step,zoo,2150.000,2075.000,2250.000,4,1.000
                        step,ours-bn,1075.000,1031.250,1106.250,4,0.500
                        step,ours-gn,1200.000,1150.000,1250.000,2,0.558
                        """);
    }

    @Test
    void halfTheZoosTimeHoldsAndMoreDoesNot() {
        List<Claim> claims = report().claims();
        assertThat(claims).extracting(Claim::holds).containsExactly(true, false);
        assertThat(claims.get(0).text()).isEqualTo("One training step of ours-bn takes at most 0.5 of DL4J zoo's time");
        assertThat(claims.get(0).evidence()).isEqualTo("medians of 4 steps: 1075 ms against 2150 ms, ratio 0.500");
    }

    @Test
    void reportHasThePictureTheNumbersAndThePeers() throws IOException {
        Path html = report().write(new Provenance(Map.of("Command", "./norms bench")));
        assertThat(html)
                .content()
                .contains(
                        "2150.0",
                        "1075.0",
                        "0.558",
                        "1,000,000",
                        "batch size 8, images of 128×128",
                        "ours-gn: a network")
                .contains("data:image/png;base64,", "Peak memory");
        BufferedImage png = ImageIO.read(out.resolve("training_step.png").toFile());
        for (int i = 0; i < TIMINGS.size(); i++) {
            int rgb = Plots.color(i).getRGB();
            long pixels = java.util.stream.IntStream.range(0, png.getWidth() * png.getHeight())
                    .filter(p -> png.getRGB(p % png.getWidth(), p / png.getWidth()) == rgb)
                    .count();
            assertThat(pixels).as(TIMINGS.get(i).peer()).isGreaterThan(300);
        }
    }

    @Test
    void networksTakeTurnsAndTheWarmUpIsNotCounted() {
        List<String> order = new ArrayList<>();
        List<Peer> peers = List.of(tiny("a", order), tiny("b", order));
        List<Timing> timings;
        try (Progress progress = Progress.start("test", 10)) {
            DataSet batch = new DataSet(Nd4j.rand(DataType.FLOAT, 2, 3), Nd4j.zeros(DataType.FLOAT, 2, 4));
            timings = TrainingStep.time(peers, batch, 2, 3, 7, progress);
        }
        assertThat(order).hasSize(10);
        for (int round = 0; round < 10; round += 2) {
            assertThat(order.subList(round, round + 2)).containsExactlyInAnyOrder("a", "b");
        }
        assertThat(timings).extracting(Timing::peer).containsExactly("a", "b");
        assertThat(timings).allSatisfy(timing -> {
            assertThat(timing.milliseconds()).hasSize(3).doesNotContain(0);
            assertThat(timing.parameters()).isEqualTo(3 * 4 + 4);
            assertThat(timing.loss()).isFinite();
        });
    }

    private static Peer tiny(String name, List<String> order) {
        return new Peer(name, "tiny", () -> {
            ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("out", new OutputLayer.Builder().nIn(3).nOut(4).build(), "in")
                    .setOutputs("out")
                    .build());
            network.init();
            network.setListeners(new ScoreIterationListener() {
                @Override
                public void iterationDone(org.deeplearning4j.nn.api.Model model, int iteration, int epoch) {
                    order.add(name);
                }
            });
            return network;
        });
    }

    /** The real networks at the smallest size: a dozen steps of ResNet-50 on one image. */
    @Test
    void quickRunWritesEverything() throws IOException {
        MainRunner norms = new MainRunner();
        int code = norms.run(
                "bench", "--quick", "--batch-size", "1", "--steps", "1", "--seed", "7", "--out", out.toString());
        assertThat(norms.err()).isEmpty();
        assertThat(code).isZero();
        assertThat(norms.out()).contains("zoo", "ours-bn", "ours-gn", "warm-up 3/3", "step 1/1", "report.html");
        assertThat(Files.readAllLines(out.resolve("bench.csv")))
                .hasSize(4)
                .element(1)
                .asString()
                .matches("resnet50_training_step,zoo,[\\d.]+,[\\d.]+,[\\d.]+,1,1\\.000");
        assertThat(out.resolve("report.html")).content().contains("batch size 1, images of 96×96");
        assertThat(out).isDirectoryContaining("glob:**/training_step.png");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    bench --image-size 95  | --image-size: takes whole numbers from 96 up, got 95
                    bench --batch-size 0   | --batch-size: takes whole numbers from 1 up, got 0
                    bench --steps 0        | --steps: takes whole numbers from 1 up, got 0
                    bench --steps x        | 'x' is not an int
                    bench --out pom.xml    | --out takes a folder, got the file pom.xml
                    bench --norms bn       | Unknown options: '--norms', 'bn'
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
                .contains("--quick", "--out", "--seed", "--image-size", "--batch-size", "--steps", "default: 128");
    }
}
