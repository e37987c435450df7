package io.github.dl4jnorms.experiments.adain;

import io.github.dl4jnorms.datasets.images.CropRecordReader;
import io.github.dl4jnorms.datasets.images.ImageFolder;
import io.github.dl4jnorms.datasets.images.ImagePairIterator;
import io.github.dl4jnorms.datasets.synthetic.SceneImages;
import io.github.dl4jnorms.datasets.synthetic.TextureImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The pictures of a training: two folders, made first where none is given. Validation takes other pictures if they are made, and
 * other crops of the same ones if they are somebody's.
 */
final class PictureData {
    private static final int VALIDATION_PAIRS = 4;
    static final int START_SIZE = 64;

    private final TrainingPlan plan;
    private final ImageFolder contents;
    private final ImageFolder styles;
    private final ImageFolder validationContents;
    private final ImageFolder validationStyles;

    private PictureData(TrainingPlan plan, Path made) throws IOException {
        this.plan = plan;
        contents = folder(plan.contents(), made, plan.pictures(), true, 0);
        styles = folder(plan.styles(), made, plan.pictures(), false, 0);
        validationContents = plan.contents() == null ? folder(null, made, VALIDATION_PAIRS, true, 1) : contents;
        validationStyles = plan.styles() == null ? folder(null, made, VALIDATION_PAIRS, false, 1) : styles;
    }

    /**
     * Opens the folders.
     *
     * @param made where made pictures are, or go to
     * @throws IllegalArgumentException in one line, if a folder is missing or holds no picture of use
     */
    static PictureData open(TrainingPlan plan, Path made) throws IOException {
        return new PictureData(plan, made);
    }

    private ImageFolder folder(String given, Path made, int count, boolean content, int split) throws IOException {
        return ImageFolder.open(
                given == null ? make(made, count, content, split) : Path.of(given), TrainingPlan.LEAST_SIZE);
    }

    /** The folder's name holds all that its content depends on; it has that name only once it is complete. */
    private Path make(Path made, int count, boolean content, int split) throws IOException {
        int side = Math.max(2 * plan.size(), 64);
        String kind = (content ? "scenes" : "textures") + (split == 0 ? "" : "-validation");
        Path folder = made.resolve("%s-%dpx-%d-seed%d".formatted(kind, side, count, plan.seed()));
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(made);
            long seed = 4 * plan.seed() + 2 * split + (content ? 0 : 1);
            if (content) {
                SceneImages.write(folder, side, count, seed);
            } else {
                TextureImages.write(folder, side, count, seed);
            }
        }
        return folder;
    }

    int contents() {
        return contents.files().size();
    }

    int styles() {
        return styles.files().size();
    }

    /** A training's pairs, the same for every norm. */
    ImagePairIterator train() {
        return new ImagePairIterator(
                new CropRecordReader(contents, plan.size(), plan.seed()),
                new CropRecordReader(styles, plan.size(), plan.seed() + 1),
                plan.batch(),
                plan.steps());
    }

    /** Some contents and as many styles in one array, to start a decoder with. */
    INDArray first(int size, int each) {
        MultiDataSet pairs = pairs(contents, styles, size, each, plan.seed());
        return Nd4j.concat(0, pairs.getFeatures(0), pairs.getFeatures(1));
    }

    /** Always the same pairs. */
    MultiDataSet validation() {
        return validation(plan.size(), VALIDATION_PAIRS);
    }

    /** Validation pairs of another size. */
    MultiDataSet validation(int size, int pairs) {
        return pairs(validationContents, validationStyles, size, pairs, plan.seed() + 2);
    }

    private static MultiDataSet pairs(ImageFolder contents, ImageFolder styles, int size, int count, long seed) {
        return new ImagePairIterator(
                        new CropRecordReader(contents, size, seed),
                        new CropRecordReader(styles, size, seed + 1),
                        count,
                        1)
                .next();
    }
}
