package io.github.dl4jnorms.experiments.adain;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.datasets.images.Rgb;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.ImageArrays;
import io.github.dl4jnorms.samediff.style.StyleTransfer;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What {@code ./norms adain} does without a picture: AdaIN's statistics, and decoders with different norms. */
final class AdainExperiment {
    private static final int SHOWN_SIZE = 128;
    private static final int START_IMAGES = 4;
    private static final int SHOWN_PAIRS = 3;

    private final Vgg19 encoder;
    private final TrainingPlan plan;
    private final List<String> norms;
    private final PictureData pictures;

    AdainExperiment(Vgg19 encoder, TrainingPlan plan, List<String> norms, PictureData pictures) {
        this.encoder = encoder;
        this.plan = plan;
        this.norms = norms;
        this.pictures = pictures;
    }

    /**
     * @param out     where decoders and their curves go
     * @param results the same folder, opened for the plan
     */
    List<Section> run(Path out, ResultFolder results) throws IOException {
        MultiDataSet shown = pictures.validation(SHOWN_SIZE, SHOWN_PAIRS);
        Section statistics = StatisticsSection.of(
                encoder, ImageArrays.example(shown.getFeatures(0), 0), ImageArrays.example(shown.getFeatures(1), 0));
        List<DecoderRun> runs = new ArrayList<>();
        try (Progress progress = Progress.start("adain", (long) norms.size() * plan.steps())) {
            DecoderTraining training =
                    new DecoderTraining(encoder, plan, pictures, out, results, progress, this::mirrored);
            for (String norm : norms) {
                runs.add(training.run(norm));
            }
        }
        return List.of(statistics, new DecodersSection(plan, runs, transferred(out, shown)));
    }

    /** The same for every norm, as far as it goes: the mirror image of the encoder, standardized over the first pictures. */
    private AdaINDecoder mirrored(String norm) {
        return AdaINDecoder.mirroring(
                encoder, NormSpec.parse(norm), pictures.first(PictureData.START_SIZE, START_IMAGES));
    }

    private List<List<BufferedImage>> transferred(Path out, MultiDataSet shown) {
        List<List<BufferedImage>> rows = new ArrayList<>();
        for (int i = 0; i < SHOWN_PAIRS; i++) {
            rows.add(new ArrayList<>(List.of(
                    Rgb.picture(ImageArrays.example(shown.getFeatures(0), i)),
                    Rgb.picture(ImageArrays.example(shown.getFeatures(1), i)))));
        }
        for (String norm : norms) {
            AdaINDecoder decoder = DecoderTraining.decoder(out, norm);
            StyleTransfer transfer = new StyleTransfer(encoder, decoder);
            for (int i = 0; i < SHOWN_PAIRS; i++) {
                rows.get(i)
                        .add(Rgb.picture(transfer.apply(
                                ImageArrays.example(shown.getFeatures(0), i),
                                ImageArrays.example(shown.getFeatures(1), i))));
            }
        }
        return rows;
    }
}
