package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.datasets.detection.BoxAnnotation;
import io.github.dl4jnorms.datasets.detection.DetectionExample;
import io.github.dl4jnorms.datasets.detection.DetectionIterator;
import io.github.dl4jnorms.datasets.detection.FcosTargets;
import io.github.dl4jnorms.datasets.detection.Pixels;
import io.github.dl4jnorms.datasets.detection.ResizedImages;
import io.github.dl4jnorms.datasets.detection.VocFolder;
import io.github.dl4jnorms.datasets.synthetic.CellImages;
import io.github.dl4jnorms.samediff.detection.Box;
import io.github.dl4jnorms.samediff.detection.FcosDetector;
import io.github.dl4jnorms.samediff.detection.GroundTruth;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The images of an experiment: a Pascal VOC folder's splits {@code train} and {@code val}, made first if none is given. */
final class DetectData {
    /** A validation image as the network sees it, and what is in it. */
    record Sample(BufferedImage picture, List<GroundTruth> truth) {}

    private final List<String> classNames;
    private final ResizedImages train;
    private final ResizedImages validation;

    private DetectData(VocFolder folder, DetectSettings settings) {
        classNames = folder.classNames();
        train = images(folder, "train", settings.trainImages(), settings.imageSize());
        validation = images(folder, "val", settings.valImages(), settings.imageSize());
    }

    /**
     * Opens the images; made ones are kept under {@code out/data} for the next time.
     *
     * @throws IllegalArgumentException in one line, if the folder is none of Pascal VOC's or holds nothing of use
     */
    static DetectData open(DetectSettings settings, Path out) throws IOException {
        Path folder = settings.madeImages() ? made(settings, out.resolve("data")) : Path.of(settings.data());
        return new DetectData(VocFolder.open(folder), settings);
    }

    private static ResizedImages images(VocFolder folder, String split, int limit, int size) {
        return new ResizedImages(folder.split(split, limit), folder.classNames(), size);
    }

    /** The folder's name holds all that its content depends on; it has that name only once it is complete. */
    private static Path made(DetectSettings settings, Path parent) throws IOException {
        String name = "cells-%dpx-%d-%d-seed%d"
                .formatted(settings.imageSize(), settings.trainImages(), settings.valImages(), settings.seed());
        Path folder = parent.resolve(name);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(parent);
            CellImages.write(
                    folder, settings.imageSize(), settings.trainImages(), settings.valImages(), settings.seed());
        }
        return folder;
    }

    List<String> classNames() {
        return classNames;
    }

    int trainImages() {
        return train.count();
    }

    int validationImages() {
        return validation.count();
    }

    /** Training batches: shuffled and flipped, the same way for every norm. */
    DetectionIterator train(int batchSize, long seed) {
        return DetectionIterator.builder(train)
                .batchSize(batchSize)
                .targets(targets())
                .augment(true)
                .shuffle(true)
                .seed(seed)
                .build();
    }

    /** Validation batches: always the same. */
    DetectionIterator validation() {
        return DetectionIterator.builder(validation)
                .batchSize(DetectDefaults.EVALUATION_BATCH)
                .targets(targets())
                .build();
    }

    private FcosTargets targets() {
        return new FcosTargets(
                FcosDetector.strides(), DetectDefaults.SIZE_FACTOR, DetectDefaults.CENTER_RADIUS, classNames.size());
    }

    /** What is in each image of a batch. */
    List<List<GroundTruth>> truth(MultiDataSet batch) {
        return batch.getExampleMetaData(DetectionExample.class).stream()
                .map(example -> example.boxes().stream().map(this::truth).toList())
                .toList();
    }

    private GroundTruth truth(BoxAnnotation box) {
        return new GroundTruth(
                new Box(box.xMin(), box.yMin(), box.xMax(), box.yMax()),
                classNames.indexOf(box.name()),
                box.difficult());
    }

    /** The first few validation images. */
    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        MultiDataSet batch = validation().next();
        List<List<GroundTruth>> truth = truth(batch);
        for (int i = 0; i < Math.min(DetectDefaults.SHOWN, truth.size()); i++) {
            samples.add(new Sample(Pixels.picture(batch.getFeatures(0), i), truth.get(i)));
        }
        return samples;
    }
}
