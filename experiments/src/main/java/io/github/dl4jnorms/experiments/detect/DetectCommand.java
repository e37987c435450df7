package io.github.dl4jnorms.experiments.detect;

import static java.util.Objects.requireNonNullElse;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.ExperimentException;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.OptionChecks;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./norms detect}. */
@Command(
        name = "detect",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "Trains a detector (ResNet-50, FPN, FCOS head) from scratch once for each norm and batch size, and compares"
                    + " validation loss and mAP.",
            ""
        },
        footer = {
            "",
            "The learning rate grows linearly with the batch size (Goyal et al. 2017, arXiv:1706.02677), warms up over"
                    + " the first epoch and falls to 0 along a cosine, the same for every norm.",
            "",
            "Writes results.csv (a row for each epoch; seconds is its training time), val_loss.png, map50.png,"
                    + " loss_curves.png, detections.png and report.html. A run whose loss is no longer finite is NaN"
                    + " there, and the others go on.",
            "",
            "Stop it whenever you like: the same command goes on with the runs that are not finished. Results in --out"
                    + " that were made with other settings are moved to its folder previous-1, previous-2, ..."
        })
public final class DetectCommand implements Callable<Integer> {
    private static final int SIZE_STEP = 32;
    private static final int SMALLEST_SIZE = 64;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A Pascal VOC folder (JPEGImages, Annotations, ImageSets/Main/train.txt and val.txt); made"
                    + " images without it.")
    private Path data;

    @Option(
            names = "--norms",
            paramLabel = "NAME",
            split = ",",
            description = "Norms to compare, of bn, gn, gn16, ln, rms, in, none (default: bn,gn; gn has 32 groups).")
    private List<String> norms;

    @Option(
            names = "--batch-sizes",
            paramLabel = "N",
            split = ",",
            description = "Batch sizes to compare (default: 1,2,4,8,16,64; 2,8 with --quick).")
    private List<Integer> batchSizes;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training images (default: 5; 2 with --quick).")
    private Integer epochs;

    @Option(
            names = "--image-size",
            paramLabel = "PX",
            description = "Side of the network's input, a multiple of 32 from 64 up (default: 64).")
    private Integer imageSize;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Images of each split (default: all of a folder's; 64 and 24 made ones; 32 and 16 with"
                    + " --quick).")
    private Integer limit;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Learning rate at batch size 16 (default: " + DetectDefaults.LEARNING_RATE + ").")
    private Double learningRate;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        List<String> names = norms();
        List<Integer> sizes = batchSizes();
        DetectSettings settings = settings();
        Path out = common.out();
        DetectData images = open(settings, out);
        RunStore store = RunStore.open(out, settings);
        announce(names, sizes, settings, images, store);
        long started = System.nanoTime();
        Map<GridPoint, Throwable> failures = runAll(names, sizes, settings, images, store);
        store.writeCsv(); // without the epochs of a run that failed half-way
        if (store.runs().isEmpty()) {
            throw failure(failures, names.size() * sizes.size());
        }
        DetectReport report = new DetectReport(out, settings, images, store.runs());
        Path html = report.write(failures, Provenance.of(common.commandLine(), common.seed()));
        conclude(report, html, store, Duration.ofNanos(System.nanoTime() - started));
        if (!failures.isEmpty()) {
            throw failure(failures, names.size() * sizes.size());
        }
        return 0;
    }

    private static Map<GridPoint, Throwable> runAll(
            List<String> norms, List<Integer> batchSizes, DetectSettings settings, DetectData images, RunStore store) {
        long left = norms.stream()
                .flatMap(norm -> batchSizes.stream().map(size -> new GridPoint(norm, size)))
                .filter(point -> store.find(point).isEmpty())
                .count();
        try (Progress progress = Progress.start("detect", left * DetectorTraining.work(settings, images))) {
            DetectorTraining training = new DetectorTraining(settings, images, progress, store::show);
            return DetectGrid.run(
                    norms,
                    batchSizes,
                    point -> store.find(point).isPresent() ? store.find(point).get() : training.run(point),
                    store);
        }
    }

    private DetectData open(DetectSettings settings, Path out) throws IOException {
        try {
            return DetectData.open(settings, out);
        } catch (IllegalArgumentException e) {
            throw common.checks().wrong("--data", e.getMessage());
        }
    }

    private DetectSettings settings() {
        boolean quick = common.quick();
        OptionChecks checks = common.checks();
        int size = requireNonNullElse(imageSize, DetectDefaults.IMAGE_SIZE);
        double rate = requireNonNullElse(learningRate, DetectDefaults.LEARNING_RATE);
        if (limit != null) {
            checks.atLeast(1, "--limit", limit);
        }
        boolean made = data == null;
        int train = quick ? DetectDefaults.QUICK_TRAIN_IMAGES : made ? DetectDefaults.TRAIN_IMAGES : 0;
        int val = quick ? DetectDefaults.QUICK_VAL_IMAGES : made ? DetectDefaults.VAL_IMAGES : 0;
        return new DetectSettings(
                made
                        ? null
                        : checks.folder("--data", data)
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                requireNonNullElse(limit, train),
                requireNonNullElse(limit, val),
                checks.multiple(SIZE_STEP, SMALLEST_SIZE, "--image-size", size),
                checks.atLeast(
                        1,
                        "--epochs",
                        requireNonNullElse(epochs, quick ? DetectDefaults.QUICK_EPOCHS : DetectDefaults.EPOCHS)),
                checks.positive("--learning-rate", rate),
                DetectDefaults.CHANNELS,
                DetectDefaults.HEAD_CONVOLUTIONS,
                common.seed());
    }

    private List<String> norms() {
        return common.checks().norms("--norms", requireNonNullElse(norms, DetectDefaults.NORMS));
    }

    private List<Integer> batchSizes() {
        List<Integer> quick = common.quick() ? DetectDefaults.QUICK_BATCH_SIZES : DetectDefaults.BATCH_SIZES;
        List<Integer> sizes = requireNonNullElse(batchSizes, quick);
        sizes.forEach(size -> common.checks().atLeast(1, "--batch-sizes", size));
        return sizes.stream().distinct().toList();
    }

    private static ExperimentException failure(Map<GridPoint, Throwable> failures, int runs) {
        return new ExperimentException(failures.size() + " of " + runs + " runs failed: "
                + failures.entrySet().stream()
                        .map(failure -> failure.getKey() + " (" + Main.describe(failure.getValue()) + ")")
                        .collect(Collectors.joining(", ")));
    }

    private static void announce(
            List<String> norms, List<Integer> batchSizes, DetectSettings settings, DetectData images, RunStore store) {
        PrintStream out = System.out;
        store.movedAside()
                .ifPresent(folder ->
                        out.println("Results of other settings were moved to " + folder + ": starting afresh"));
        out.printf(
                "%s: %s at batch size %s; %s; %s for training and %s for validation, %d pixels square; seed %d%n",
                count(norms.size() * batchSizes.size(), "run"),
                String.join(", ", norms),
                batchSizes.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                count(settings.epochs(), "epoch"),
                count(images.trainImages(), "image"),
                images.validationImages(),
                settings.imageSize(),
                settings.seed());
        if (!store.runs().isEmpty()) {
            out.println("Finished before and kept: " + count(store.runs().size(), "run"));
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static void conclude(DetectReport report, Path html, RunStore store, Duration time) {
        System.out.println();
        System.out.print(report.summary());
        System.out.println();
        System.out.printf(
                "%s, peak memory %s%n", Progress.format(time), Machine.gigabytes(Machine.peakResidentBytes()));
        System.out.println("results: " + store.csv());
        System.out.println("report:  " + html);
    }
}
