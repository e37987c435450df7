package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.Machine;
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

/** {@code ./norms layernorm}. */
@Command(
        name = "layernorm",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "LayerNorm against RMSNorm: what they assure, what they cost, fused and composed, over lengths and dimensions, and"
                    + " how a sequence model trains with each.",
            ""
        },
        footer = {
            "",
            "Writes passes.csv, sweep.csv, training.csv, their plots and report.html. Leave the machine alone meanwhile:"
                    + " another busy process makes the times worthless."
        })
public final class LayernormCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        LayernormSettings settings =
                common.quick() ? LayernormSettings.quick(common.seed()) : LayernormSettings.full(common.seed());
        System.out.printf(
                "(%d, %d, %d) floats, %d passes; lengths %s; dimensions %s; seed %d%n",
                settings.batch(),
                settings.length(),
                settings.dim(),
                settings.passes(),
                settings.lengths(),
                settings.dims(),
                settings.seed());
        long started = System.nanoTime();
        LayernormResult result;
        try (Progress progress = Progress.start("layernorm", LayernormResult.work(settings))) {
            result = LayernormResult.run(settings, progress);
        }
        List<Claim> claims = LayernormClaims.judge(result);
        Path html = new LayernormReport(out, result).write(claims, Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        claims.forEach(System.out::println);
        System.out.println();
        System.out.printf(
                "%s, peak memory %s%n",
                Progress.format(Duration.ofNanos(System.nanoTime() - started)), Machine.gigabytes(result.peakMemory()));
        System.out.println("results: " + out);
        System.out.println("report:  " + html);
        return 0;
    }
}
