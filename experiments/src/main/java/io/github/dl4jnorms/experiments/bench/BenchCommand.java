package io.github.dl4jnorms.experiments.bench;

import static java.util.Objects.requireNonNullElse;

import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.OptionChecks;
import io.github.dl4jnorms.experiments.bench.kernel.KernelBench;
import io.github.dl4jnorms.experiments.bench.kernel.KernelSettings;
import io.github.dl4jnorms.experiments.bench.kernel.Norm;
import io.github.dl4jnorms.experiments.bench.memory.MemorySection;
import io.github.dl4jnorms.experiments.bench.process.Djl;
import io.github.dl4jnorms.experiments.bench.section.Section;
import io.github.dl4jnorms.experiments.bench.step.StepSection;
import io.github.dl4jnorms.experiments.bench.step.StepSettings;
import io.github.dl4jnorms.experiments.report.Machine;
import io.github.dl4jnorms.experiments.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.deeplearning4j.util.CrashReportingUtil;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code ./norms bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "Times every norm forward and backward beside memcpy, ND4J, DL4J, PyTorch and DJL; a training step of ResNet-50"
                    + " beside that of DL4J's model zoo, PyTorch and DJL, of the detector, and of a diffusion transformer's block"
                    + " beside DL4J and PyTorch; and reads the memory over a training.",
            ""
        },
        footer = {
            "",
            "Writes bench.csv (medians and quartiles in milliseconds), memory.csv, pictures, the other processes' logs and"
                    + " report.html. Leave the machine alone meanwhile: another busy process makes the numbers worthless."
        })
public final class BenchCommand implements Callable<Integer> {
    /** The parts of the benchmark. */
    enum Part {
        kernels,
        step,
        memory
    }

    /** A norm by its lower-case name, and an error message that names them all once. */
    static final class NormName implements ITypeConverter<Norm> {
        @Override
        public Norm convert(String text) {
            return Stream.of(Norm.values())
                    .filter(norm -> norm.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected one of " + List.of(Norm.values()) + " but was '" + text + "'"));
        }
    }

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Parts to run: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--norms",
            paramLabel = "NORM",
            split = ",",
            converter = NormName.class,
            description = "Norms whose kernels are timed: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Norm> norms = EnumSet.allOf(Norm.class);

    @Option(
            names = "--image-size",
            paramLabel = "PX",
            description = "Side of the images, a multiple of 32 from 96 up (default: 128; 96 with --quick).")
    private Integer imageSize;

    @Option(names = "--batch-size", paramLabel = "N", description = "Examples in a step (default: 8; 2 with --quick).")
    private Integer batchSize;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Timed steps of each network, after 3 that are not (default: 15; 3 with --quick).")
    private Integer steps;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        StepSettings stepSettings = stepSettings();
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        Path logs = out.resolve("logs");
        List<Section> sections = new ArrayList<>();
        if (only.contains(Part.kernels)) {
            KernelSettings settings = KernelSettings.of(norms, common.quick());
            sections.add(KernelBench.run(settings, stepSettings.threads(), Djl.classPath(), logs));
        }
        if (only.contains(Part.step)) {
            sections.add(StepSection.resNet50(stepSettings, logs));
            sections.add(StepSection.detector(stepSettings));
            sections.add(StepSection.ditBlock(stepSettings, logs));
        }
        if (only.contains(Part.memory)) {
            sections.add(MemorySection.measure(common.quick(), common.seed(), logs));
        }
        BenchReport report = new BenchReport(out, sections);
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.print(report.summary());
        System.out.println();
        System.out.println("peak memory of this process " + Machine.gigabytes(Machine.peakResidentBytes()));
        System.out.println("results: " + report.csv());
        System.out.println("report:  " + html);
        return 0;
    }

    private StepSettings stepSettings() {
        OptionChecks checks = common.checks();
        boolean quick = common.quick();
        int size = requireNonNullElse(imageSize, quick ? StepSettings.SMALLEST_IMAGE : StepSettings.IMAGE_SIZE);
        int batch = requireNonNullElse(batchSize, quick ? StepSettings.QUICK_BATCH_SIZE : StepSettings.BATCH_SIZE);
        return new StepSettings(
                checks.multiple(StepSettings.MULTIPLE, StepSettings.SMALLEST_IMAGE, "--image-size", size),
                checks.atLeast(1, "--batch-size", batch),
                checks.atLeast(
                        1, "--steps", requireNonNullElse(steps, quick ? StepSettings.QUICK_STEPS : StepSettings.STEPS)),
                StepSettings.WARM_UP,
                StepSettings.CLASSES,
                Nd4j.getEnvironment().maxThreads(),
                Djl.classPath(),
                common.seed());
    }
}
