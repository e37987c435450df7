package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Provenance;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the sections say of numbers that come out as expected, and of such that do not. */
class ComparisonSectionsTest {
    @TempDir
    Path out;

    private static Variant.Result result(Conditioning conditioning, String norm, double loss, double growth) {
        return new Variant.Result(
                new Variant(conditioning, norm),
                10,
                new double[] {1, loss},
                loss,
                norm.equals("bn") ? loss + 0.1 : loss,
                new double[] {growth, 1},
                new double[] {1, 1, growth});
    }

    private static Section conditionings(double zero, double adaLn, double inContext, double none, double growth) {
        return new ConditioningSection(
                List.of(
                        result(Conditioning.ADALN_ZERO, "ln", zero, 1),
                        result(Conditioning.ADALN, "ln", adaLn, growth),
                        result(Conditioning.IN_CONTEXT, "ln", inContext, growth),
                        result(Conditioning.NONE, "ln", none, growth)),
                Tiny.settings(null, 1));
    }

    private static Section norms(double layer, double batch) {
        return new NormSection(
                List.of(
                        result(Conditioning.ADALN_ZERO, "ln", layer, 1),
                        result(Conditioning.ADALN_ZERO, "rms", layer, 1),
                        result(Conditioning.ADALN_ZERO, "gn8", layer, 1),
                        result(Conditioning.ADALN_ZERO, "bn", batch, 1)),
                Tiny.settings(null, 1));
    }

    private String page(Section section) throws IOException {
        HtmlReport report = new HtmlReport("title", "summary");
        section.addTo(report, out);
        Path html = out.resolve("report.html");
        report.write(html, new Provenance(Map.of()));
        return Files.readString(html);
    }

    @Test
    void conditioningsAsExpected() throws IOException {
        Section section = conditionings(0.4, 0.5, 0.6, 0.8, 2);
        assertThat(section.claims()).allMatch(Claim::holds);
        assertThat(page(section))
                .contains("1.250, 1.500 and 2.000 times adaLN-Zero")
                .doesNotContain("adaLN is not behind", "In context is not ahead");
    }

    @Test
    void conditioningsOtherwise() throws IOException {
        Section section = conditionings(0.4, 0.4, 0.8, 0.7, 1);
        assertThat(section.claims()).extracting(Claim::holds).containsExactly(true, false, false, false, false);
        assertThat(page(section)).contains("adaLN is not behind", "In context is not ahead");
    }

    @Test
    void normsAsExpectedAndOtherwise() throws IOException {
        Section expected = norms(0.4, 0.5);
        assertThat(expected.claims()).allMatch(Claim::holds);
        assertThat(page(expected)).doesNotContain("A likely reason");
        Section other = norms(0.4, 0.36);
        assertThat(other.claims()).extracting(Claim::holds).containsExactly(true, false, true);
        assertThat(page(other)).contains("0.900 times LayerNorm", "A likely reason");
    }
}
