package io.github.dl4jnorms.experiments.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.process.PeerException;
import io.github.dl4jnorms.experiments.bench.process.PyTorch;
import io.github.dl4jnorms.experiments.bench.section.Row;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Samples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class StepSectionTest {
    private static final StepSettings SETTINGS = new StepSettings(128, 8, 4, 3, 1000, 2, Optional.empty(), 42);

    @TempDir
    Path out;

    private static Timing timing(String peer, double... milliseconds) {
        return timing(peer, "", milliseconds);
    }

    private static Timing timing(String peer, String about, double... milliseconds) {
        return new Timing(new Peer(peer, "a network", null), 1_000_000, 6.9, about, new Samples(milliseconds));
    }

    private static StepSection section() {
        List<Timing> timings = List.of(
                timing("zoo", 2000, 2400, 2100, 2200),
                timing("ours-bn", 500, 650, 650, 700),
                timing("ours-gn", 700, 900),
                timing("torch", "PyTorch 1, matrix products from OpenBLAS", 600));
        Model model = new ResNet50Peers(SETTINGS, Path.of("")).model();
        return new StepSection(model, SETTINGS, new TrainingStep.Result(timings, Map.of("djl", "not built")));
    }

    @Test
    void claimsAreOfThePeersThatAreThere() {
        List<Claim> claims = section().claims();
        assertThat(claims)
                .extracting(Claim::text)
                .containsExactly(
                        "A training step of ResNet-50, ours-bn, takes at most 0.33× the time of DL4J zoo's",
                        "A training step of ResNet-50, ours-bn, takes at most 1.2× the time of PyTorch's",
                        "A training step of ResNet-50, ours-gn, takes at most 0.33× the time of DL4J zoo's",
                        "A training step of ResNet-50, ours-gn, takes at most 1.2× the time of PyTorch's");
        assertThat(claims).extracting(Claim::holds).containsExactly(true, true, false, false);
        assertThat(claims.get(0).evidence()).isEqualTo("medians of 4 steps: 650 ms against 2150 ms, 0.302×");
    }

    @Test
    void aSlowBlasIsSaidBesideTheClaim() {
        DiTBlockPeers peers = new DiTBlockPeers(SETTINGS, Path.of(""));
        for (String blas : List.of("OpenBLAS", PyTorch.REFERENCE_BLAS)) {
            List<Timing> timings = List.of(
                    timing(DiTBlockPeers.DL4J, 900),
                    timing(DiTBlockPeers.OURS, 300),
                    timing(DiTBlockPeers.TORCH, "PyTorch 1, matrix products from " + blas, 200));
            List<Claim> claims =
                    new StepSection(peers.model(), SETTINGS, new TrainingStep.Result(timings, Map.of())).claims();
            assertThat(claims)
                    .extracting(Claim::text)
                    .containsExactly("A training step of a DiT block, ours, takes at most 1.2× the time of PyTorch's");
            assertThat(claims.get(0).holds()).isFalse();
            assertThat(claims.get(0).evidence().contains("install libopenblas0"))
                    .as(blas)
                    .isEqualTo(blas.equals(PyTorch.REFERENCE_BLAS));
        }
    }

    /** All start as the identity, or near it, and learn by the mean of the same squares. */
    @Test
    void ditBlocksOfThisProcessLearn() {
        StepSettings small = new StepSettings(128, 1, 4, 3, 1000, 2, Optional.empty(), 42);
        for (Peer peer : new DiTBlockPeers(small, out).all().subList(0, 2)) {
            Trainee trainee = peer.trainee().get();
            trainee.step();
            double first = trainee.loss();
            trainee.step();
            assertThat(trainee.loss()).as(peer.name()).isLessThan(first);
            long attentionAndMlp = 12 * 384 * 384;
            assertThat(trainee.parameters()).isGreaterThanOrEqualTo(attentionAndMlp);
            if (peer.name().equals(DiTBlockPeers.OURS)) {
                assertThat(first).as("of two uniform numbers").isCloseTo(1 / 6.0, within(0.01));
                assertThat(trainee.parameters()).isEqualTo(19L * 384 * 384 + (1 + 6 + 3 + 1 + 4 + 1) * 384);
            }
        }
    }

    @Test
    void rowsAndTable() {
        Row row = section().rows().get(1);
        assertThat(row.peer()).isEqualTo("ours-bn");
        assertThat(row.baseline()).isEqualTo("zoo");
        assertThat(row.ratio().orElseThrow()).isEqualTo(650 / 2150.0, within(1e-12));
        assertThat(section().summary().lines())
                .anyMatch(line -> line.matches("ours-bn +650.0 +612.5 +662.5 +0.302 +1,000,000 +6.9000"))
                .contains("djl: not built");
    }

    @Test
    void pageHasThePictureTheNumbersAndThePeers() throws IOException {
        HtmlReport page = new HtmlReport("Benchmarks", "");
        section().addTo(page, out);
        Path html = out.resolve("report.html");
        page.write(html, new Provenance(Map.of()));
        assertThat(html)
                .content()
                .contains("2150.0", "0.302", "batch size 8, images of 128×128", "ours-gn: a network.", "djl: not built")
                .contains("torch: a network (PyTorch 1, matrix products from OpenBLAS).")
                .contains("data:image/png;base64,");
        BufferedImage png =
                ImageIO.read(out.resolve("resnet50_training_step.png").toFile());
        for (int i = 0; i < 3; i++) {
            int rgb = Plots.color(i).getRGB();
            long pixels = IntStream.range(0, png.getWidth() * png.getHeight())
                    .filter(p -> png.getRGB(p % png.getWidth(), p / png.getWidth()) == rgb)
                    .count();
            assertThat(pixels).as("box " + i).isGreaterThan(300);
        }
    }

    /** What it is asked for is written down; its steps take as many milliseconds as it has made. */
    private record Scripted(String name, List<String> order) implements Trainee {
        @Override
        public long parameters() {
            return 7;
        }

        @Override
        public double step() {
            order.add(name);
            return order.stream().filter(name::equals).count();
        }

        @Override
        public double loss() {
            return 0.5;
        }

        @Override
        public void close() {
            order.add("end of " + name);
        }
    }

    @Test
    void networksTakeTurnsAndTheWarmUpIsNotCounted() {
        List<String> order = new ArrayList<>();
        List<Peer> peers = List.of(
                new Peer("a", "", () -> new Scripted("a", order)),
                new Peer("b", "", () -> {
                    throw new PeerException("not installed");
                }),
                new Peer("c", "", () -> new Scripted("c", order)));
        TrainingStep.Result result;
        try (Progress progress = Progress.start("test", 15)) {
            result = TrainingStep.time(peers, 2, 3, 7, progress);
        }
        for (int round = 0; round < 10; round += 2) {
            assertThat(order.subList(round, round + 2)).containsExactlyInAnyOrder("a", "c");
        }
        assertThat(order.subList(10, order.size())).containsExactly("end of a", "end of c");
        assertThat(result.timings()).extracting(Timing::name).containsExactly("a", "c");
        assertThat(result.timings().get(0).milliseconds().values()).containsExactly(3, 4, 5);
        assertThat(result.timings().get(0).parameters()).isEqualTo(7);
        assertThat(result.absent()).containsExactly(Map.entry("b", "not installed"));
    }

    @Test
    void networkIsFitted() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", new OutputLayer.Builder().nIn(3).nOut(4).build(), "in")
                .setOutputs("out")
                .build());
        network.init();
        DataSet batch = new DataSet(Nd4j.rand(DataType.FLOAT, 2, 3), Nd4j.zeros(DataType.FLOAT, 2, 4));
        NetworkTrainee trainee = new NetworkTrainee(network, batch.toMultiDataSet());
        assertThat(trainee.step()).isPositive();
        assertThat(network.getIterationCount()).isEqualTo(1);
        assertThat(trainee.parameters()).isEqualTo(3 * 4 + 4);
        assertThat(trainee.loss()).isFinite();
    }
}
