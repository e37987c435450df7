package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./norms weightnorm}. */
@Command(
        name = "weightnorm",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "Weight normalization beside PyTorch's; the largest singular value under spectral normalization; Lipschitz"
                    + " constants, with a search for the worst inputs; GANs with each norm.",
            ""
        },
        footer = {
            "",
            "Writes report.html, its pictures, and weight_norm.csv, spectral_norm.csv, lipschitz.csv, gan.csv and"
                    + " perturbations.csv. A claim that does not hold is reported as that, and is no failure."
        })
public final class WeightnormCommand implements Callable<Integer> {
    private final LongFunction<WeightnormSettings> full;

    @Option(
            names = "--gan-steps",
            paramLabel = "N",
            description = "Training steps of each GAN (default: " + WeightnormSettings.GAN_STEPS + "; "
                    + WeightnormSettings.QUICK_GAN_STEPS + " with --quick).")
    private Integer ganSteps;

    @Mixin
    private CommonOptions common;

    public WeightnormCommand() {
        this(WeightnormSettings::full);
    }

    /** With other settings without {@code --quick}, as a function of the seed. */
    WeightnormCommand(LongFunction<WeightnormSettings> full) {
        this.full = full;
    }

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        WeightnormSettings settings = settings();
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        System.out.printf(
                "weightnorm: %d pairs, %d steps of the search, %d of each GAN; seed %d%n",
                settings.pairs(), settings.searchSteps(), settings.ganSteps(), settings.seed());
        long started = System.nanoTime();
        WeightnormReport report = new WeightnormReport(out, new WeightnormExperiment(settings).run());
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.println(report.claimLines());
        System.out.println();
        System.out.println(Progress.format(Duration.ofNanos(System.nanoTime() - started)));
        System.out.println("report:  " + html);
        return 0;
    }

    private WeightnormSettings settings() {
        WeightnormSettings settings =
                common.quick() ? WeightnormSettings.quick(common.seed()) : full.apply(common.seed());
        return ganSteps == null
                ? settings
                : settings.withGanSteps(
                        common.checks().atLeast(WeightnormSettings.FEWEST_GAN_STEPS, "--gan-steps", ganSteps));
    }
}
