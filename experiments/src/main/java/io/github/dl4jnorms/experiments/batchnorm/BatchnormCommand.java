package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./norms batchnorm}. */
@Command(
        name = "batchnorm",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "BatchNorm beside PyTorch's and DL4J's; its running statistics; and what becomes of a trained network's answers"
                    + " in training mode.",
            ""
        },
        footer = {
            "",
            "Writes agreement.csv, statistics.csv, fixed_points.csv, test_passes.csv, their plots and report.html."
        })
public final class BatchnormCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        BatchnormSettings settings =
                common.quick() ? BatchnormSettings.quick(common.seed()) : BatchnormSettings.full(common.seed());
        System.out.printf(
                "%d training and %d test points; batch sizes %s; seed %d%n",
                settings.train(), settings.test(), settings.batchSizes(), settings.seed());
        long started = System.nanoTime();
        BatchnormResult result;
        try (Progress progress = Progress.start("batchnorm", BatchnormResult.work(settings))) {
            result = BatchnormResult.run(settings, progress);
        }
        List<Claim> claims = BatchnormClaims.judge(result);
        Path html = new BatchnormReport(out, result).write(claims, Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        claims.forEach(System.out::println);
        System.out.println();
        System.out.println(Progress.format(Duration.ofNanos(System.nanoTime() - started)));
        System.out.println("results: " + out);
        System.out.println("report:  " + html);
        return 0;
    }
}
