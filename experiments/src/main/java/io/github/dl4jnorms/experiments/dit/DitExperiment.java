package io.github.dl4jnorms.experiments.dit;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.AtomicFiles;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Everything that {@code ./norms dit} does, piece by piece; what an earlier run has finished is not done again. */
final class DitExperiment {
    static final List<Variant> CONDITIONINGS = Stream.of(Conditioning.values())
            .map(conditioning -> new Variant(conditioning, "ln"))
            .toList();
    static final List<Variant> NORMS = Stream.of("ln", "rms", "gn8", "bn")
            .map(norm -> new Variant(Conditioning.ADALN_ZERO, norm))
            .toList();

    private static final String IDENTITY = "identity";
    private static final String WAKING = "waking";
    private static final String DRAWING = "drawing";
    private static final String CHECKPOINT = "checkpoint";
    private static final String MODEL = "dit.zip";

    /** Images of each class in the pictures. */
    private static final int SHOWN = 12;

    private static final int CHECKPOINTS = 8;

    // what a step takes in milliseconds, about, so that the ETA is one
    private static final int IDENTITY_UNITS = 500;
    private static final int WAKING_UNITS = 30;
    private static final int VARIANT_UNITS = 110;
    private static final int CLASSIFIER_UNITS = 25;
    private static final int MODEL_UNITS = 150;

    private final DitSettings settings;
    private final ImageSet images;
    private final Path out;
    private final ResultFolder results;

    DitExperiment(DitSettings settings, ImageSet images, Path out) throws IOException {
        this.settings = settings;
        this.images = images;
        this.out = out;
        results = ResultFolder.open(out, settings, "parts", CHECKPOINT, MODEL);
    }

    /** Where results with other settings went, if there were any. */
    Optional<Path> movedAside() {
        return results.movedAside();
    }

    /** Names of the pieces that are finished. */
    List<String> finished() {
        return work().keySet().stream()
                .filter(piece -> results.find(piece, type(piece)).isPresent())
                .toList();
    }

    List<Section> run() throws IOException {
        List<String> finished = finished();
        long left = work().entrySet().stream()
                .filter(piece -> !finished.contains(piece.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        try (Progress progress = Progress.start("dit", left)) {
            Identity identity = piece(
                    IDENTITY,
                    Identity.class,
                    progress,
                    () -> Identity.run(settings.pairs(), settings.seed(), () -> progress.step(IDENTITY_UNITS)));
            Waking waking = piece(
                    WAKING,
                    Waking.class,
                    progress,
                    () -> Waking.run(
                            images,
                            settings.wakingSteps(),
                            settings.batchSize(),
                            settings.seed(),
                            () -> progress.step(WAKING_UNITS)));
            Map<Variant, Variant.Result> variants = new LinkedHashMap<>();
            for (Variant variant : variants()) {
                variants.put(
                        variant,
                        piece(
                                variant.key(),
                                Variant.Result.class,
                                progress,
                                () -> variant.train(images, settings, () -> progress.step(VARIANT_UNITS))));
            }
            Drawing drawing = piece(DRAWING, Drawing.class, progress, () -> draw(progress));
            return List.of(
                    new IdentitySection(identity),
                    new WakingSection(waking),
                    new ConditioningSection(
                            CONDITIONINGS.stream().map(variants::get).toList(), settings),
                    new NormSection(NORMS.stream().map(variants::get).toList(), settings),
                    new DrawingSection(drawing, images, settings));
        }
    }

    /** A piece of the work. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T piece(String name, Class<T> type, Progress progress, Work<T> work) throws IOException {
        Optional<T> before = results.find(name, type);
        if (before.isPresent()) {
            return before.get();
        }
        T piece = work.run();
        results.save(name, piece);
        progress.line(name + ": done");
        return piece;
    }

    private static List<Variant> variants() {
        return Stream.concat(CONDITIONINGS.stream(), NORMS.stream()).distinct().toList();
    }

    private static Class<?> type(String piece) {
        return switch (piece) {
            case IDENTITY -> Identity.class;
            case WAKING -> Waking.class;
            case DRAWING -> Drawing.class;
            default -> Variant.Result.class;
        };
    }

    /** The pieces and their units of progress. */
    private Map<String, Long> work() {
        Map<String, Long> work = new LinkedHashMap<>();
        work.put(IDENTITY, (long) Identity.KINDS * IDENTITY_UNITS);
        work.put(WAKING, 2L * settings.wakingSteps() * WAKING_UNITS);
        variants().forEach(variant -> work.put(variant.key(), (long) settings.comparedSteps() * VARIANT_UNITS));
        work.put(
                DRAWING,
                (long) settings.classifierSteps() * CLASSIFIER_UNITS
                        + (long) settings.steps() * MODEL_UNITS
                        + (long) DitSettings.GUIDANCES.length * images.classes() * settings.samples() * imageUnits());
        return work;
    }

    /** Units of progress of an image that is drawn: velocities with and without class, each a third of a training step's share. */
    private int imageUnits() {
        return Math.max(1, MODEL_UNITS * 2 * (2 * settings.samplingSteps() - 1) / (3 * settings.batchSize()));
    }

    private Drawing draw(Progress progress) throws IOException {
        Classifier classifier = Classifier.train(
                images, settings.classifierSteps(), settings.seed(), () -> progress.step(CLASSIFIER_UNITS));
        Drawing.Judge judge = new Drawing.Judge(classifier, images);
        FlowTraining training =
                FlowTraining.open(images, settings, out.resolve(CHECKPOINT).resolve("training.zip"));
        progress.step((long) training.step() * MODEL_UNITS);
        for (int part = 1; part <= CHECKPOINTS; part++) {
            int end = settings.steps() * part / CHECKPOINTS;
            if (end > training.step()) {
                training.runTo(end, (step, loss) -> progress.step(MODEL_UNITS));
                progress.line(
                        text("drawing: step %d of %d, loss %.4f", end, settings.steps(), mean(training.losses())));
            }
        }
        ComputationGraph network = training.averaged();
        AtomicFiles.write(out.resolve(MODEL), file -> ModelSerializer.writeModel(network, file, false));
        Flow flow = Flow.of(network, images.noClass());
        Drawing.Order order = Drawing.Order.of(images, settings.samples(), settings.seed());
        List<INDArray> drawn = Drawing.draw(
                flow, order, settings.samplingSteps(), count -> progress.step((long) count * imageUnits()));
        List<Drawing.Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            judgements.add(judge.judge(DitSettings.GUIDANCES[i], drawn.get(i)));
        }
        pictures(drawn);
        return new Drawing(
                training.losses(), network.params().length(), judge.judge(Double.NaN, testImages()), judgements);
    }

    private static double mean(double[] losses) {
        return Arrays.stream(losses)
                .skip(Math.max(0, losses.length - 50))
                .average()
                .orElseThrow();
    }

    /** As many test images of each class as there are of all. */
    private INDArray testImages() {
        int each = IntStream.range(0, images.classes())
                .map(label -> images.test().of(label).length)
                .min()
                .orElseThrow();
        return images.test()
                .array(IntStream.range(0, images.classes())
                        .flatMap(label -> Arrays.stream(images.test().of(label)).limit(each))
                        .toArray());
    }

    private void pictures(List<INDArray> drawn) throws IOException {
        int each = settings.samples();
        int shown = Math.min(SHOWN, each);
        List<INDArray> real = new ArrayList<>();
        List<INDArray> samples = new ArrayList<>();
        List<INDArray> strengths = new ArrayList<>();
        int chosen = IntStream.range(0, drawn.size())
                .filter(i -> DitSettings.GUIDANCES[i] == DitSettings.GUIDANCE)
                .findFirst()
                .orElseThrow();
        for (int label = 0; label < images.classes(); label++) {
            int first = label * each;
            int[] own = images.train().of(label);
            real.add(images.train().array(Arrays.copyOf(own, Math.min(shown, own.length))));
            samples.add(drawn.get(chosen).get(NDArrayIndex.interval(first, first + shown)));
            strengths.add(Nd4j.concat(
                    0,
                    drawn.stream()
                            .flatMap(d -> Stream.of(d.get(NDArrayIndex.interval(first, first + Math.min(2, each)))))
                            .toArray(INDArray[]::new)));
        }
        Plots.savePng(ImageGrid.draw(images.classNames(), real, blank(real)), out.resolve(DrawingSection.REAL));
        Plots.savePng(
                ImageGrid.draw(images.classNames(), samples, blank(samples)), out.resolve(DrawingSection.SAMPLES));
        List<String> columns = Arrays.stream(DitSettings.GUIDANCES)
                .boxed()
                .flatMap(w -> IntStream.range(0, Math.min(2, each)).mapToObj(i -> i == 0 ? Names.ofGuidance(w) : ""))
                .toList();
        Plots.savePng(ImageGrid.draw(images.classNames(), strengths, columns), out.resolve(DrawingSection.STRENGTHS));
    }

    private static List<String> blank(List<INDArray> rows) {
        long columns = rows.stream().mapToLong(row -> row.size(0)).min().orElseThrow();
        return IntStream.range(0, (int) columns).mapToObj(i -> "").toList();
    }
}
