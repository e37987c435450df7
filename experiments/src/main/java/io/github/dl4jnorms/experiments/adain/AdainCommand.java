package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;
import static java.util.Objects.requireNonNullElse;

import io.github.dl4jnorms.datasets.images.ImageFile;
import io.github.dl4jnorms.datasets.images.ImageFolder;
import io.github.dl4jnorms.experiments.CommonOptions;
import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.experiments.OptionChecks;
import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.ResultFolder;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.samediff.style.AdaINDecoder;
import io.github.dl4jnorms.samediff.style.StyleTransfer;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.deeplearning4j.util.CrashReportingUtil;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ./norms adain}. */
@Command(
        name = "adain",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        versionProvider = Main.Version.class,
        description = {
            "Style transfer by adaptive instance normalization. With --content and --style it paints a picture; without, it"
                    + " measures what AdaIN does to features, and trains decoders with different norms and compares them.",
            ""
        },
        footer = {
            "",
            "With --content: writes CONTENT_STYLE.png and CONTENT_STYLE_side_by_side.png for each style. Without --encoder the"
                    + " encoder's weights are random; without --decoder one is fitted to the encoder at first use, and kept.",
            "",
            "Without --content: writes report.html, its pictures, losses.csv, channel_statistics.csv and the decoders. Stop it"
                    + " whenever you like: the same command goes on from there. Results in --out that were made with other"
                    + " settings are moved to its folder previous-1, previous-2, ... A claim that does not hold is reported as"
                    + " that, and is no failure."
        })
public final class AdainCommand implements Callable<Integer> {
    private static final List<String> NORMS = List.of(DecodersSection.NONE, "bn", "gn32", "in");
    private static final int SIZE = 512;
    private static final int LARGEST_SIZE = 2048;

    /** What is trained unless options say otherwise. */
    private enum Defaults {
        /** Four decoders in ten minutes on two cores. */
        LAB(120, 48, 4, 160),
        /** The same in one. */
        QUICK(24, 32, 2, 24),
        /** One decoder to paint with: fitted, not trained. */
        USE(160, 64, 4, 0);

        private final int pictures;
        private final int crop;
        private final int batch;
        private final int steps;

        Defaults(int pictures, int crop, int batch, int steps) {
            this.pictures = pictures;
            this.crop = crop;
            this.batch = batch;
            this.steps = steps;
        }
    }

    @ArgGroup(validate = false, heading = "%nA picture:%n")
    private final Painting painting = new Painting();

    @ArgGroup(validate = false, heading = "%nThe networks and their training:%n")
    private final Networks networks = new Networks();

    static final class Painting {
        @Option(names = "--content", paramLabel = "FILE", description = "The picture to paint.")
        private Path content;

        @Option(
                names = "--style",
                paramLabel = "FILE|DIR",
                description = "In whose style; a folder for each picture in it. Repeat it for more.")
        private List<Path> styles = new ArrayList<>();

        @Option(
                names = "--style-weights",
                paramLabel = "N",
                split = ",",
                description = "One result between all styles instead of one for each: a weight for each style.")
        private List<Double> weights;

        @Option(
                names = "--alpha",
                paramLabel = "0..1",
                defaultValue = "1",
                description = "How much of the style (default: ${DEFAULT-VALUE}).")
        private double alpha;

        @Option(
                names = "--strokes",
                paramLabel = "0..1",
                defaultValue = "0.7",
                description =
                        "How much of the style's own strokes is painted with; 0 is the paper's AdaIN alone (default:"
                                + " ${DEFAULT-VALUE}).")
        private double strokes;

        @Option(names = "--preserve-color", description = "Keep the content's colours; the style gives its strokes.")
        private boolean preserveColor;

        @Option(
                names = "--size",
                paramLabel = "PX",
                defaultValue = "" + SIZE,
                description = "The longer side of content and style, at most " + LARGEST_SIZE
                        + "; smaller pictures stay as they are (default: ${DEFAULT-VALUE}).")
        private int size;
    }

    static final class Networks {
        @Option(
                names = "--encoder",
                paramLabel = "FILE",
                description =
                        "VGG-19's weights: torchvision's or timm's .safetensors, Keras' .h5 (default: random ones).")
        private Path encoder;

        @Option(
                names = "--decoder",
                paramLabel = "FILE",
                description =
                        "A decoder of this verb's, decoders/NORM.safetensors (default: one that it fits to the encoder).")
        private Path decoder;

        @Option(
                names = "--contents",
                paramLabel = "DIR",
                description = "Pictures to train on as contents (default: made ones).")
        private Path contents;

        @Option(
                names = "--styles",
                paramLabel = "DIR",
                description = "Pictures to train on as styles (default: made ones).")
        private Path styles;

        @Option(
                names = "--norms",
                paramLabel = "NAME",
                split = ",",
                description = "Norms of the decoders to compare (default: none,bn,gn32,in).")
        private List<String> norms;

        @Option(
                names = "--steps",
                paramLabel = "N",
                description =
                        "Training steps of each decoder (default: 160; 24 with --quick; 0 for a picture, a fit is all).")
        private Integer steps;

        @Option(names = "--batch", paramLabel = "N", description = "Pairs in a step (default: 4; 2 with --quick).")
        private Integer batch;

        @Option(
                names = "--crop",
                paramLabel = "PX",
                description =
                        "Side of the crops to train on, a multiple of 8 from 16 up (default: 48; 32 with --quick; 64 for a picture).")
        private Integer crop;

        @Option(
                names = "--learning-rate",
                paramLabel = "RATE",
                description = "Adam's at its highest (default: " + TrainingPlan.LEARNING_RATE + ", the paper's).")
        private Double learningRate;

        @Option(
                names = "--cache",
                paramLabel = "DIR",
                description =
                        "Where decoders that were fitted at first use are kept (default: dl4j-norms in the user's cache).")
        private Path cache;
    }

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        CrashReportingUtil.crashDumpsEnabled(false); // it writes files into the user's folder
        if (painting.content == null) {
            requireContentFor(!painting.styles.isEmpty(), "--style");
            requireContentFor(painting.weights != null, "--style-weights");
            requireContentFor(painting.preserveColor, "--preserve-color");
            requireContentFor(networks.decoder != null, "--decoder");
            experiment();
        } else {
            paint();
        }
        return 0;
    }

    private void requireContentFor(boolean given, String option) {
        if (given) {
            throw wrong(option, "needs --content, a picture to paint");
        }
    }

    private void experiment() throws IOException {
        List<String> norms = common.checks().norms("--norms", requireNonNullElse(networks.norms, NORMS));
        TrainingPlan plan = plan(common.quick() ? Defaults.QUICK : Defaults.LAB);
        Vgg19 encoder = encoder();
        Path out = Files.createDirectories(common.out()); // rather fail now than after the work
        ResultFolder results =
                ResultFolder.open(out, plan, DecoderTraining.DECODERS, "losses.csv", "channel_statistics.csv");
        results.movedAside()
                .ifPresent(folder ->
                        System.out.println("Results of other settings were moved to " + folder + ": starting afresh"));
        System.out.println(text(
                "adain: decoders with %s, %d steps of %d pairs, crops of %d pixels; encoder: %s; seed %d",
                String.join(", ", norms), plan.steps(), plan.batch(), plan.size(), encoder.source(), plan.seed()));
        long started = System.nanoTime();
        PictureData pictures = PictureData.open(plan, out.resolve("data"));
        List<Section> sections = new AdainExperiment(encoder, plan, norms, pictures).run(out, results);
        AdainReport report = new AdainReport(out, plan, encoder.source(), pictures, sections);
        Path html = report.write(Provenance.of(common.commandLine(), common.seed()));
        System.out.println();
        System.out.println(report.claimLines());
        System.out.println();
        System.out.println(Progress.format(Duration.ofNanos(System.nanoTime() - started)));
        System.out.println("report:  " + html);
    }

    private void paint() throws IOException {
        if (painting.styles.isEmpty()) {
            throw wrong("--content", "needs --style, a picture or a folder of pictures");
        }
        common.checks().share("--alpha", painting.alpha);
        common.checks().share("--strokes", painting.strokes);
        if (painting.size < StyleTransfer.MIN_SIZE || painting.size > LARGEST_SIZE) {
            throw wrong(
                    "--size",
                    "takes whole numbers from " + StyleTransfer.MIN_SIZE + " to " + LARGEST_SIZE + ", got "
                            + painting.size);
        }
        TrainingPlan plan = plan(Defaults.USE);
        Stylist.Picture content = picture("--content", painting.content);
        List<Stylist.Picture> styles = styles();
        double[] weights = weights(styles.size());
        Vgg19 encoder = encoder();
        Path out = Files.createDirectories(common.out());
        System.out.println("encoder: " + encoder.source());
        Stylist stylist = new Stylist(
                new StyleTransfer(encoder, decoders(encoder, plan), painting.strokes),
                content,
                new Stylist.Manner(painting.alpha, painting.preserveColor),
                out);
        if (weights.length == 0) {
            stylist.each(styles);
        } else {
            stylist.between(styles, weights);
        }
    }

    private List<Stylist.Picture> styles() {
        List<Stylist.Picture> styles = new ArrayList<>();
        for (Path path : painting.styles) {
            if (Files.isDirectory(path)) {
                folder("--style", path).files().forEach(file -> styles.add(picture("--style", file)));
            } else {
                styles.add(picture("--style", path));
            }
        }
        return styles;
    }

    /** None if each style has a result of its own. */
    private double[] weights(int styles) {
        if (painting.weights == null) {
            return new double[0];
        }
        double[] weights =
                painting.weights.stream().mapToDouble(Double::doubleValue).toArray();
        if (weights.length != styles) {
            throw wrong(
                    "--style-weights", "takes a weight for each of the " + styles + " styles, got " + weights.length);
        }
        double sum = 0;
        for (double weight : weights) {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw wrong("--style-weights", "takes numbers from 0 up, got " + weight);
            }
            sum += weight;
        }
        if (sum == 0) {
            throw wrong("--style-weights", "takes at least one weight above 0, got " + painting.weights);
        }
        return weights;
    }

    private Stylist.Picture picture(String option, Path file) {
        try {
            BufferedImage picture = ImageFile.upright(file, painting.size);
            if (Math.min(picture.getWidth(), picture.getHeight()) < StyleTransfer.MIN_SIZE) {
                throw wrong(
                        option,
                        text(
                                "takes pictures of at least %d pixels each way, %s has %d×%d (its longer side is made"
                                        + " at most %d)",
                                StyleTransfer.MIN_SIZE, file, picture.getWidth(), picture.getHeight(), painting.size));
            }
            String name = file.getFileName().toString();
            return new Stylist.Picture(name.replaceFirst("\\.[^.]*$", ""), picture);
        } catch (NoSuchFileException e) {
            throw wrong(option, "no such file: " + file);
        } catch (IOException e) {
            throw wrong(option, file + ": " + e.getMessage());
        }
    }

    private ImageFolder folder(String option, Path folder) {
        try {
            return ImageFolder.open(folder, StyleTransfer.MIN_SIZE);
        } catch (IllegalArgumentException e) {
            throw wrong(option, e.getMessage());
        }
    }

    /** A folder of pictures to train on; null for made ones. */
    private String checked(String option, Path folder) {
        return folder == null
                ? null
                : folder(option, folder).dir().toAbsolutePath().normalize().toString();
    }

    /** From coarse to fine. */
    private List<AdaINDecoder> decoders(Vgg19 encoder, TrainingPlan plan) throws IOException {
        DecoderCache cache = new DecoderCache(networks.cache == null ? DecoderCache.userFolder() : networks.cache);
        List<AdaINDecoder> decoders = new ArrayList<>(List.of(decoder(cache, encoder, plan)));
        if (painting.strokes > 0) {
            for (String layer : List.of(Vgg19.RELU3_1, Vgg19.RELU2_1)) {
                decoders.add(cache.fitted(encoder, plan, layer));
            }
        }
        return decoders;
    }

    private AdaINDecoder decoder(DecoderCache cache, Vgg19 encoder, TrainingPlan plan) throws IOException {
        if (networks.decoder != null) {
            AdaINDecoder decoder = load(networks.decoder);
            if (!decoder.features().equals(Vgg19.RELU4_1)) {
                throw wrong(
                        "--decoder",
                        "takes a decoder of " + Vgg19.RELU4_1 + ", " + networks.decoder + " is one of "
                                + decoder.features());
            }
            return decoder;
        }
        return cache.decoder(encoder, plan);
    }

    private AdaINDecoder load(Path file) throws IOException {
        try {
            return AdaINDecoder.load(file);
        } catch (IllegalArgumentException e) {
            throw wrong("--decoder", e.getMessage());
        }
    }

    private Vgg19 encoder() {
        if (networks.encoder == null) {
            return Vgg19.random(common.seed());
        }
        try {
            return Vgg19.load(networks.encoder);
        } catch (IllegalArgumentException e) {
            throw wrong("--encoder", e.getMessage());
        }
    }

    /** A file by its name, and by its size and age, so that another one of the name is not taken for it. */
    private static String identity(Path file) {
        try {
            return file.toAbsolutePath().normalize() + ", " + Files.size(file) + " bytes, "
                    + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return file.toString(); // opening it says what is wrong
        }
    }

    private TrainingPlan plan(Defaults defaults) {
        OptionChecks checks = common.checks();
        int crop = requireNonNullElse(networks.crop, defaults.crop);
        double rate = requireNonNullElse(networks.learningRate, TrainingPlan.LEARNING_RATE);
        return new TrainingPlan(
                networks.encoder == null ? null : identity(networks.encoder),
                checked("--contents", networks.contents),
                checked("--styles", networks.styles),
                defaults.pictures,
                checks.multiple(TrainingPlan.SIZE_STEP, TrainingPlan.LEAST_SIZE, "--crop", crop),
                checks.atLeast(1, "--batch", requireNonNullElse(networks.batch, defaults.batch)),
                networks.steps == null ? defaults.steps : checks.atLeast(1, "--steps", networks.steps),
                checks.positive("--learning-rate", rate),
                common.seed());
    }

    private ParameterException wrong(String option, String what) {
        return common.checks().wrong(option, what);
    }
}
