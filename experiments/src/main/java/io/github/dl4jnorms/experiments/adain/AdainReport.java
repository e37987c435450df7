package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page of {@code ./norms adain}. */
final class AdainReport {
    private final Path out;
    private final TrainingPlan plan;
    private final String encoder;
    private final PictureData pictures;
    private final List<Section> sections;

    /** @param encoder where its weights are from */
    AdainReport(Path out, TrainingPlan plan, String encoder, PictureData pictures, List<Section> sections) {
        this.out = out;
        this.plan = plan;
        this.encoder = encoder;
        this.pictures = pictures;
        this.sections = sections;
    }

    /** Writes the pictures, the CSV files and {@code report.html}, and returns the latter's path. */
    Path write(Provenance provenance) throws IOException {
        HtmlReport report = new HtmlReport(
                "Style transfer by adaptive instance normalization",
                "A photograph painted like a picture, any picture, by one normalization: AdaIN gives the photograph's features"
                        + " the channel statistics of the painting's. " + summary());
        report.paragraph("Encoder: VGG-19, " + encoder + "." + (plan.encoder() == null ? RANDOM : ""))
                .paragraph(text(
                        "Pictures: %s, %s.",
                        plan.contents() == null
                                ? pictures.contents() + " made scenes as contents"
                                : pictures.contents() + " contents from " + plan.contents(),
                        plan.styles() == null
                                ? pictures.styles() + " made textures as styles"
                                : pictures.styles() + " styles from " + plan.styles()));
        for (Section section : sections) {
            report.heading(section.title());
            section.addTo(report, out);
        }
        report.heading("A picture of yours").formula("""
                        ./norms adain --content PHOTO --style PAINTING
                        ./norms adain --content PHOTO --style FOLDER --alpha 0.7
                        ./norms adain --content PHOTO --style A --style B --style-weights 1,2 --preserve-color
                        ./norms adain --content PHOTO --style PAINTING --encoder model.safetensors""");
        Path html = out.resolve("report.html");
        report.write(html, provenance);
        return html;
    }

    private static final String RANDOM =
            " No trained weights were given: the weights are random, each channel scaled and shifted"
                    + " over a few made images to deviation 1 and mean 1 before its ReLU. Random convolutions still tell edges, colours"
                    + " and textures apart by scale and orientation, so that what is said here about statistics and norms can be seen;"
                    + " objects they do not know. The trained weights are for --encoder, see the README.";

    private String summary() {
        List<Claim> claims = claims();
        return text(
                "%d claims are tested below, %d hold.",
                claims.size(), claims.stream().filter(Claim::holds).count());
    }

    private List<Claim> claims() {
        return sections.stream().flatMap(section -> section.claims().stream()).toList();
    }

    /** The claims for the terminal. */
    String claimLines() {
        return sections.stream()
                .map(section -> section.title()
                        + section.claims().stream()
                                .map(claim -> System.lineSeparator() + claim)
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(System.lineSeparator().repeat(2)));
    }
}
