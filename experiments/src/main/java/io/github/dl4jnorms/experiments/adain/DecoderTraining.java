package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.datasets.images.ImagePairIterator;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.StyleLosses;
import io.github.dl4jnorms.samediff.style.StyleTraining;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Trains decoders and keeps them in a folder: {@code decoders/NORM.safetensors}, its curves in {@code decoders/NORM.json}. Both are
 * replaced every few seconds, each in one move, so that a training which is stopped at any moment goes on from there.
 */
final class DecoderTraining {
    static final String DECODERS = "decoders";
    static final double STYLE_WEIGHT = 10;

    private static final long CHECKPOINT_NANOS = 20_000_000_000L;

    private final Vgg19 encoder;
    private final TrainingPlan plan;
    private final PictureData pictures;
    private final Path folder;
    private final ResultFolder results;
    private final Progress progress;
    private final Function<String, AdaINDecoder> start;
    private final MultiDataSet validation;

    /**
     * @param folder   where decoders go
     * @param results  the same folder, opened for the plan
     * @param progress hears of each step
     * @param start    what the decoder of a norm begins as
     */
    DecoderTraining(
            Vgg19 encoder,
            TrainingPlan plan,
            PictureData pictures,
            Path folder,
            ResultFolder results,
            Progress progress,
            Function<String, AdaINDecoder> start) {
        this.encoder = encoder;
        this.plan = plan;
        this.pictures = pictures;
        this.folder = folder;
        this.results = results;
        this.progress = progress;
        this.start = start;
        this.validation = pictures.validation();
    }

    static Path file(Path folder, String norm) {
        return folder.resolve(DECODERS).resolve(norm + ".safetensors");
    }

    /** The curves of a training that is complete. */
    static Optional<DecoderRun> finished(ResultFolder results, Path folder, TrainingPlan plan, String norm) {
        return results.find(norm, DecoderRun.class)
                .filter(run -> run.reached(plan.steps()) && Files.exists(file(folder, norm)));
    }

    /** Trains the decoder with a norm, or goes on with it, or finds it trained. */
    DecoderRun run(String norm) throws IOException {
        Optional<DecoderRun> finished = finished(results, folder, plan, norm);
        if (finished.isPresent()) {
            progress.step(plan.steps());
            return finished.get();
        }
        Path checkpoint = file(folder, norm);
        StyleTraining training = Files.exists(checkpoint)
                ? StyleTraining.resume(encoder, checkpoint)
                : new StyleTraining(encoder, start.apply(norm), STYLE_WEIGHT, plan.learningRate());
        DecoderRun before = results.find(norm, DecoderRun.class)
                .orElse(new DecoderRun(norm, List.of()))
                .until(training.iteration());
        progress.step(training.iteration());
        return train(training, before, checkpoint);
    }

    private DecoderRun train(StyleTraining training, DecoderRun before, Path checkpoint) throws IOException {
        List<DecoderRun.Point> points = new ArrayList<>(before.points());
        DecoderRun run = new DecoderRun(before.norm(), points);
        ImagePairIterator pairs = pictures.train();
        pairs.seek(training.iteration());
        ISchedule schedule = plan.schedule();
        double seconds = points.isEmpty() ? 0 : run.last().seconds();
        double content = 0;
        double style = 0;
        int counted = 0;
        long saved = System.nanoTime();
        CompletableFuture<MultiDataSet> next = CompletableFuture.supplyAsync(pairs::next);
        for (int step = training.iteration(); step < plan.steps(); step++) {
            long started = System.nanoTime();
            MultiDataSet batch = await(next);
            if (pairs.hasNext()) {
                next = CompletableFuture.supplyAsync(pairs::next);
            }
            training.learningRate(schedule.valueAt(step, 0));
            StyleLosses losses = training.fit(batch.getFeatures(0), batch.getFeatures(1));
            content += losses.content();
            style += losses.style();
            counted++;
            seconds += (System.nanoTime() - started) / 1e9;
            progress.step(1);
            boolean last = step + 1 == plan.steps();
            if (last || (step + 1) % plan.interval() == 0) {
                StyleLosses val = training.evaluate(validation.getFeatures(0), validation.getFeatures(1));
                points.add(new DecoderRun.Point(
                        step + 1, content / counted, style / counted, val.content(), val.style(), seconds));
                progress.line(line(run));
                content = 0;
                style = 0;
                counted = 0;
            }
            if (last || System.nanoTime() - saved > CHECKPOINT_NANOS) {
                results.save(run.norm(), run);
                training.save(checkpoint);
                saved = System.nanoTime();
            }
        }
        return run;
    }

    /** A damaged picture's message, not that of the thread that met it. */
    private static MultiDataSet await(CompletableFuture<MultiDataSet> next) {
        try {
            return next.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private String line(DecoderRun run) {
        DecoderRun.Point point = run.last();
        return text(
                "%-5s step %d/%d  content %.3f  style %.3f  (validation %.3f, %.3f)",
                run.norm(),
                point.step(),
                plan.steps(),
                point.content(),
                point.style(),
                point.valContent(),
                point.valStyle());
    }

    /** A trained decoder. */
    static AdaINDecoder decoder(Path folder, String norm) {
        return AdaINDecoder.load(file(folder, norm));
    }
}
