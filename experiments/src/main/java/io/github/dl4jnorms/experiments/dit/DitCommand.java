package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./norms dit}. */
@Command(
        name = "dit",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "adaLN-Zero: the block that starts as the identity, how it wakes up, other conditionings and norms beside it, and a small"
                    + " diffusion transformer that learns to draw images by class.",
            ""
        },
        footer = {
            "",
            "Writes report.html, its pictures, CSV files, and dit.zip, the trained transformer (ModelSerializer reads it). A claim"
                    + " that does not hold is reported as that, and is no failure.",
            "",
            "Stop it whenever you like: the same command goes on with what is not finished, a training from its last checkpoint."
                    + " Results in --out that were made with other settings are moved to its folder previous-1, previous-2, ..."
        })
public final class DitCommand implements Callable<Integer> {
    private final BiFunction<String, Long, DitSettings> full;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder of images by class, DIR/CLASS/IMAGE, at least 8 JPEG or PNG files of each class; each image's"
                            + " middle square is resized to 16 pixels. Made images of shapes without it.")
    private Path data;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of the transformer that draws (default: " + DitSettings.STEPS + "; "
                    + DitSettings.QUICK_STEPS + " with --quick).")
    private Integer steps;

    @Mixin
    private CommonOptions common;

    public DitCommand() {
        this(DitSettings::full);
    }

    /** With other settings without {@code --quick}, as a function of the data and the seed. */
    DitCommand(BiFunction<String, Long, DitSettings> full) {
        this.full = full;
    }

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        DitSettings settings = settings();
        Path out = common.out();
        long started = System.nanoTime();
        ImageSet images = images(settings, out);
        DitExperiment experiment = new DitExperiment(settings, images, Files.createDirectories(out));
        announce(settings, images, experiment);
        DitReport report = new DitReport(out, experiment.run());
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.println(report.claimLines());
        System.out.println();
        System.out.printf(
                "%s, peak memory %s%n",
                Progress.format(Duration.ofNanos(System.nanoTime() - started)),
                Machine.gigabytes(Machine.peakResidentBytes()));
        System.out.println("report:  " + html);
        return 0;
    }

    private static void announce(DitSettings settings, ImageSet images, DitExperiment experiment) {
        experiment
                .movedAside()
                .ifPresent(folder ->
                        System.out.println("Results of other settings were moved to " + folder + ": starting afresh"));
        System.out.printf(
                "dit: %d classes, %d images to learn from and %d held out, %d pixels square; %d steps; seed %d%n",
                images.classes(),
                images.train().count(),
                images.test().count(),
                images.size(),
                settings.steps(),
                settings.seed());
        if (!images.problems().isEmpty()) {
            int count = images.problems().size();
            System.out.println("Left out: " + count + (count == 1 ? " file" : " files") + "; the report names each");
        }
        List<String> finished = experiment.finished();
        if (!finished.isEmpty()) {
            System.out.println("Finished before and kept: " + String.join(", ", finished));
        }
    }

    private ImageSet images(DitSettings settings, Path out) throws IOException {
        try {
            return ImageSet.load(settings, out);
        } catch (IllegalArgumentException e) {
            throw common.checks().wrong("--data", e.getMessage());
        }
    }

    private DitSettings settings() {
        if (steps != null) {
            common.checks().atLeast(1, "--steps", steps);
        }
        if (data != null) {
            common.checks().folder("--data", data);
        }
        String folder = data == null ? null : data.toAbsolutePath().normalize().toString();
        DitSettings settings =
                common.quick() ? DitSettings.quick(folder, common.seed()) : full.apply(folder, common.seed());
        return steps == null ? settings : settings.withSteps(steps);
    }
}
