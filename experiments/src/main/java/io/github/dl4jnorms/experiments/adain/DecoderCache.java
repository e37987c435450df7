package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;

/** Decoders to use: one for each plan, fitted to the encoder, and trained if the plan says so, when it is first asked for. */
final class DecoderCache {
    /** Batches, of crops of twice the size that training takes, that a decoder is fitted to. */
    private static final int FIT_BATCHES = 6;

    private final Path folder;

    DecoderCache(Path folder) {
        this.folder = folder;
    }

    /** {@code dl4j-norms} in the user's folder for what can be made again. */
    static Path userFolder() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("dl4j-norms");
    }

    /** The decoder of a plan, of relu4_1, without a norm. */
    AdaINDecoder decoder(Vgg19 encoder, TrainingPlan plan) throws IOException {
        Path own = folder.resolve("adain-" + key(plan));
        ResultFolder results = ResultFolder.open(own, plan, DecoderTraining.DECODERS);
        AdaINDecoder fitted = fitted(encoder, plan, Vgg19.RELU4_1);
        return plan.steps() == 0 ? fitted : trained(encoder, plan, own, results, fitted);
    }

    /** A decoder of a layer, without a norm, that is fitted. */
    AdaINDecoder fitted(Vgg19 encoder, TrainingPlan plan, String layer) throws IOException {
        Path own = folder.resolve("adain-" + key(plan));
        Path file = own.resolve("fitted-" + layer + ".safetensors");
        if (Files.exists(file)) {
            return AdaINDecoder.load(file);
        }
        System.out.println(
                text("There is no decoder of %s for this encoder yet. It is fitted now, and kept in %s", layer, own));
        Files.createDirectories(own);
        PictureData pictures = PictureData.open(plan, folder.resolve("pictures"));
        try (Progress progress = Progress.start("fitting", Vgg19.depth(layer))) {
            AdaINDecoder decoder = AdaINDecoder.fitted(
                    encoder,
                    layer,
                    pictures.first(2 * plan.size(), FIT_BATCHES * plan.batch()),
                    done -> progress.step(1));
            decoder.save(file);
            return decoder;
        }
    }

    private AdaINDecoder trained(Vgg19 encoder, TrainingPlan plan, Path own, ResultFolder results, AdaINDecoder fitted)
            throws IOException {
        if (DecoderTraining.finished(results, own, plan, DecodersSection.NONE).isEmpty()) {
            System.out.println(text(
                    "It is trained now, %d steps; stop it whenever you like, it goes on from there.", plan.steps()));
            long started = System.nanoTime();
            PictureData pictures = PictureData.open(plan, folder.resolve("pictures"));
            try (Progress progress = Progress.start("training", plan.steps())) {
                new DecoderTraining(encoder, plan, pictures, own, results, progress, norm -> fitted)
                        .run(DecodersSection.NONE);
            }
            System.out.println("trained in " + Progress.format(Duration.ofNanos(System.nanoTime() - started)));
        }
        return DecoderTraining.decoder(own, DecodersSection.NONE);
    }

    /** All that the decoder depends on, in a few letters. */
    private static String key(TrainingPlan plan) {
        CRC32 crc = new CRC32();
        crc.update(plan.toString().getBytes(StandardCharsets.UTF_8));
        return text("%08x", crc.getValue());
    }
}
