package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.datasets.detection.DetectionIterator;
import io.github.dl4jnorms.datasets.detection.FcosTargets;
import io.github.dl4jnorms.datasets.detection.ResizedImages;
import io.github.dl4jnorms.datasets.detection.VocFolder;
import io.github.dl4jnorms.datasets.synthetic.CellImages;
import io.github.dl4jnorms.samediff.detection.FcosDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The detector with two norms, on a batch of made images. */
final class DetectorPeers {
    /** FCOS's, for images this small. */
    private static final double SIZE_FACTOR = 2;

    private static final double CENTER_RADIUS = 1.5;

    private DetectorPeers() {}

    static Model model(StepSettings settings) {
        return new Model(
                "detector_training_step",
                "The detector, a training step",
                "the detector",
                settings.images(),
                "ResNet-50, feature pyramid and FCOS head of 256 channels with 4 convolutions in each tower, FCOS's loss,"
                        + " Nesterov momentum",
                "",
                List.of());
    }

    static List<Peer> all(StepSettings settings) throws IOException {
        int size = settings.imageSize();
        Path scratch = Files.createTempDirectory("norms-bench");
        try {
            CellImages.write(scratch, size, settings.batchSize(), 1, settings.seed());
            return of(VocFolder.open(scratch), settings);
        } finally {
            FileUtils.deleteQuietly(scratch.toFile());
        }
    }

    private static List<Peer> of(VocFolder folder, StepSettings settings) {
        int size = settings.imageSize();
        List<String> classes = folder.classNames();
        FcosTargets targets = new FcosTargets(FcosDetector.strides(), SIZE_FACTOR, CENTER_RADIUS, classes.size());
        ResizedImages images = new ResizedImages(folder.split("train", 0), classes, size);
        MultiDataSet batch = FcosDetector.pack(DetectionIterator.builder(images)
                .batchSize(settings.batchSize())
                .targets(targets)
                .build()
                .next());
        return Stream.of("bn", "gn")
                .map(norm -> new Peer(
                        "detector-" + norm,
                        norm.equals("bn") ? "with BatchNorm" : "with GroupNorm of 32 groups",
                        () -> new NetworkTrainee(network(norm, classes.size(), settings), batch)))
                .toList();
    }

    private static ComputationGraph network(String norm, int classes, StepSettings settings) {
        ComputationGraph network = new ComputationGraph(FcosDetector.builder()
                .classes(classes)
                .norm(NormSpec.parse(norm))
                .imageSize(settings.imageSize())
                .zeroInitResidual(true)
                .seed(settings.seed())
                .build()
                .configuration());
        network.init();
        return network;
    }
}
