package io.github.dl4jnorms.experiments.adain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.datasets.images.ImagePairIterator;
import io.github.dl4jnorms.datasets.synthetic.SceneImages;
import io.github.dl4jnorms.datasets.synthetic.TextureImages;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.StyleTraining;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class DecoderTrainingTest {
    private static final int STEPS = 4;

    @TempDir
    Path folder;

    private final Vgg19 encoder = Vgg19.random(3, Vgg19.RELU4_1, 8);

    private final AdaINDecoder start =
            AdaINDecoder.mirroring(encoder, NormSpec.NONE, Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32));

    private DecoderRun run(TrainingPlan plan, PictureData pictures, Path out) throws IOException {
        ResultFolder results = ResultFolder.open(out, plan, DecoderTraining.DECODERS);
        try (Progress progress = Progress.start("test", STEPS)) {
            return new DecoderTraining(encoder, plan, pictures, out, results, progress, norm -> start)
                    .run(DecodersSection.NONE);
        }
    }

    /** Stopped after two of four steps and begun again, a training ends where one that was not stopped does. */
    @Test
    void goesOnWhereItWasStopped() throws IOException {
        Path contents = SceneImages.write(folder.resolve("scenes"), 32, 3, 1);
        Path styles = TextureImages.write(folder.resolve("textures"), 32, 3, 1);
        TrainingPlan plan = new TrainingPlan(null, contents.toString(), styles.toString(), 3, 16, 1, STEPS, 1e-4, 3);
        PictureData pictures = PictureData.open(plan, folder);
        DecoderRun straight = run(plan, pictures, folder.resolve("straight"));

        Path stopped = folder.resolve("stopped");
        ResultFolder.open(stopped, plan, DecoderTraining.DECODERS);
        StyleTraining training = new StyleTraining(encoder, start, DecoderTraining.STYLE_WEIGHT, plan.learningRate());
        ImagePairIterator pairs = pictures.train();
        for (int step = 0; step < 2; step++) {
            MultiDataSet batch = pairs.next();
            training.learningRate(plan.schedule().valueAt(step, 0));
            training.fit(batch.getFeatures(0), batch.getFeatures(1));
        }
        training.save(DecoderTraining.file(stopped, DecodersSection.NONE));
        DecoderRun resumed = run(plan, pictures, stopped);

        assertThat(resumed.points()).extracting(DecoderRun.Point::step).containsExactly(3, 4);
        assertThat(straight.points()).extracting(DecoderRun.Point::step).containsExactly(1, 2, 3, 4);
        assertThat(resumed.last().valStyle()).isCloseTo(straight.last().valStyle(), within(1e-4));
        assertThat(resumed.last().valContent()).isCloseTo(straight.last().valContent(), within(1e-4));
        assertThat(straight.last().valStyle())
                .isNotEqualTo(straight.points().get(1).valStyle());
        assertThat(run(plan, pictures, stopped).points()).isEqualTo(resumed.points());
    }
}
