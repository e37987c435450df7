package io.github.dl4jnorms.experiments.adain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.datasets.synthetic.SceneImages;
import io.github.dl4jnorms.datasets.synthetic.TextureImages;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecoderCacheTest {
    @TempDir
    Path folder;

    private final Vgg19 encoder = Vgg19.random(3, Vgg19.RELU4_1, 8);

    private TrainingPlan plan(int steps) {
        return new TrainingPlan(
                null,
                SceneImages.write(folder.resolve("scenes"), 32, 2, 1).toString(),
                TextureImages.write(folder.resolve("textures"), 32, 2, 1).toString(),
                2,
                16,
                1,
                steps,
                1e-4,
                3);
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }

    @Test
    void aDecoderOfEachLayerIsFittedOnce() throws IOException {
        DecoderCache cache = new DecoderCache(folder.resolve("cache"));
        TrainingPlan plan = plan(0);
        INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, 32, 24);
        for (String layer : List.of(Vgg19.RELU4_1, Vgg19.RELU3_1, Vgg19.RELU2_1)) {
            INDArray features = encoder.encode(image, layer).get(layer);
            INDArray fitted = cache.fitted(encoder, plan, layer).decode(features);
            assertThat(fitted.shape()).as(layer).containsExactly(1, 3, 32, 24);
            List<Path> files = files("fitted-" + layer + ".safetensors");
            assertThat(files).hasSize(1);
            FileTime written = Files.getLastModifiedTime(files.get(0));
            assertThat(cache.fitted(encoder, plan, layer).decode(features)).isEqualTo(fitted);
            assertThat(Files.getLastModifiedTime(files.get(0))).isEqualTo(written);
        }
        INDArray features = encoder.encode(image);
        assertThat(cache.decoder(encoder, plan).decode(features))
                .isEqualTo(cache.fitted(encoder, plan, Vgg19.RELU4_1).decode(features));
    }

    @Test
    void itIsTrainedIfThereAreSteps() throws IOException {
        DecoderCache cache = new DecoderCache(folder.resolve("cache"));
        TrainingPlan plan = plan(2);
        INDArray features = encoder.encode(Nd4j.rand(DataType.FLOAT, 1, 3, 32, 24));
        AdaINDecoder trained = cache.decoder(encoder, plan);
        assertThat(trained.decode(features))
                .isNotEqualTo(cache.fitted(encoder, plan, Vgg19.RELU4_1).decode(features));
        assertThat(files("none.safetensors")).hasSize(1);
        assertThat(cache.decoder(encoder, plan).decode(features)).isEqualTo(trained.decode(features));
    }
}
