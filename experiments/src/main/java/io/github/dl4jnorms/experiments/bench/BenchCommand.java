package io.github.dl4jnorms.experiments.bench;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./norms bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {"Times a training step of ResNet-50: DL4J zoo's, and ours with BatchNorm and with GroupNorm.", ""
        },
        footer = {
            "",
            "Writes bench.csv (medians and quartiles in milliseconds), training_step.png and report.html. Leave the"
                    + " machine alone meanwhile: another busy process makes the numbers worthless."
        })
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--image-size",
            paramLabel = "PX",
            description = "Side of the images, at least 96 (default: 128; 96 with --quick).")
    private Integer imageSize;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images in a step (default: 8).")
    private Integer batchSize;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Timed steps of each network, after 3 that are not (default: 15; 5 with --quick).")
    private Integer steps;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        BenchSettings settings = settings();
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        ResNet50Peers resnets = new ResNet50Peers(settings);
        List<Peer> peers = resnets.all();
        System.out.printf(
                "ResNet-50, one training step: batch size %d, images of %d pixels square; timed steps %d, after %d to warm up;"
                        + " seed %d%n",
                settings.batchSize(), settings.imageSize(), settings.steps(), settings.warmUp(), settings.seed());
        List<Timing> timings;
        long work = (long) peers.size() * (settings.warmUp() + settings.steps());
        try (Progress progress = Progress.start("bench", work)) {
            timings = TrainingStep.time(
                    peers, resnets.batch(), settings.warmUp(), settings.steps(), settings.seed(), progress);
        }
        BenchReport report = new BenchReport(out, settings, peers, timings);
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.print(report.summary());
        System.out.println();
        System.out.println("peak memory " + Machine.gigabytes(Machine.peakResidentBytes()));
        System.out.println("results: " + report.csv());
        System.out.println("report:  " + html);
        return 0;
    }

    private BenchSettings settings() {
        boolean quick = common.quick();
        return new BenchSettings(
                atLeast(
                        BenchSettings.SMALLEST_IMAGE,
                        "--image-size",
                        imageSize,
                        quick ? BenchSettings.SMALLEST_IMAGE : BenchSettings.IMAGE_SIZE),
                atLeast(1, "--batch-size", batchSize, BenchSettings.BATCH_SIZE),
                atLeast(1, "--steps", steps, quick ? BenchSettings.QUICK_STEPS : BenchSettings.STEPS),
                BenchSettings.WARM_UP,
                BenchSettings.CLASSES,
                common.seed());
    }

    private int atLeast(int least, String option, Integer given, int otherwise) {
        if (given != null && given < least) {
            throw new ParameterException(
                    spec.commandLine(), option + ": takes whole numbers from " + least + " up, got " + given);
        }
        return given == null ? otherwise : given;
    }
}
