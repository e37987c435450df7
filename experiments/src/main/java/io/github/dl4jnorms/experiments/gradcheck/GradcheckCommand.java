package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.ExperimentException;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./norms gradcheck}. */
@Command(
        name = "gradcheck",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "Checks the gradients of every layer, in every layout and variant, against finite differences.",
            ""
        },
        footer = {"", "Writes gradcheck.csv, errors.png and report.html. Exits with 1 if a gradient is wrong."})
public final class GradcheckCommand implements Callable<Integer> {
    private static final double LIMIT = 1e-5;

    private final LongFunction<List<Case>> catalogue;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only the cases with this in their name: a layer, a layout (NHWC), a variant (RELU).")
    private String filter;

    @Mixin
    private CommonOptions common;

    public GradcheckCommand() {
        this(Catalogue::all);
    }

    /** With other cases, as a function of the seed. */
    GradcheckCommand(LongFunction<List<Case>> catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Integer call() throws IOException {
        List<Case> cases = cases();
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        List<Outcome> outcomes = new ArrayList<>();
        try (Progress progress = Progress.start("gradcheck", cases.size())) {
            for (Case c : cases) {
                Outcome outcome = Outcome.of(c);
                outcomes.add(outcome);
                progress.step(1);
                progress.line(outcome.verdict() + "  " + c.name());
            }
        }
        GradcheckReport report = new GradcheckReport(out, outcomes, LIMIT);
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.print(report.table());
        System.out.println();
        System.out.println("results: " + report.csv());
        System.out.println("report:  " + html);
        if (!report.failures().isEmpty()) {
            throw new ExperimentException(report.failures().size() + " of " + outcomes.size()
                    + " gradient checks fail: "
                    + report.failures().stream().map(o -> o.subject().name()).collect(Collectors.joining("; ")));
        }
        return 0;
    }

    private List<Case> cases() {
        List<Case> all = Catalogue.matching(catalogue.apply(common.seed()), filter);
        if (all.isEmpty()) {
            throw common.checks().wrong("--filter", "takes a text that is in the name of a case, got " + filter);
        }
        List<Case> cases = common.quick() ? Catalogue.quick(all) : all;
        cases.forEach(c -> c.check().maxRelativeError(LIMIT));
        return cases;
    }
}
