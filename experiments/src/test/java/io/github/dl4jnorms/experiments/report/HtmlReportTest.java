package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
    @TempDir
    Path folder;

    private final Provenance provenance = new Provenance(Map.of("Command", "./norms detect --out 'a & b'"));

    private String written(HtmlReport report) throws IOException {
        Path html = folder.resolve("report.html");
        report.write(html, provenance);
        return Files.readString(html);
    }

    @Test
    void claimsCarryBadgesAndEvidence() throws IOException {
        String html = written(new HtmlReport("Title", "Summary")
                .claims(List.of(new Claim("It holds", true, "1 < 2"), new Claim("It does not", false, "3 > 2"))));
        assertThat(html).containsSubsequence("badge yes", "holds", "It holds", "1 &lt; 2");
        assertThat(html).containsSubsequence("badge no", "does not", "It does not", "3 &gt; 2");
    }

    @Test
    void allTextIsEscaped() throws IOException {
        String evil = "<script>alert('x')</script> & \"co\"";
        String html = written(new HtmlReport(evil, evil)
                .heading(evil)
                .paragraph(evil)
                .formula(evil)
                .paper(evil, evil)
                .table(evil, List.of(evil), List.of(List.of(evil)))
                .claims(List.of(new Claim(evil, true, evil))));
        assertThat(html)
                .doesNotContain("<script", "alert('x')")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;")
                .contains("./norms detect --out &#39;a &amp; b&#39;");
    }

    @Test
    void picturesAreInsideAndNothingIsFetched() throws IOException {
        Path png = folder.resolve("plot.png");
        Plots.savePng(new BufferedImage(600, 300, BufferedImage.TYPE_INT_RGB), png);
        String html = written(new HtmlReport("Title", "Summary").figure("A plot", png));
        assertThat(html)
                .contains("data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(png)))
                .contains("max-width: 300px", "<figcaption>A plot</figcaption>", "prefers-color-scheme: dark")
                .doesNotContain("http:", "https:", "<link", "@import", "url(", "<script");
    }

    @Test
    void formulasKeepTheirLinesAndPapersHaveALink() throws IOException {
        String html = written(new HtmlReport("Title", "Summary")
                .formula("y = γ x\n  + β")
                .paper("Somebody, 2015:", "https://arxiv.org/abs/1502.03167"));
        assertThat(html)
                .contains("<pre class=\"formula\">y = γ x\n  + β</pre>")
                .contains("Somebody, 2015: <a href=\"https://arxiv.org/abs/1502.03167\">arxiv.org/abs/1502.03167</a>");
    }

    @Test
    void columnsOfNumbersAreAlignedToTheRight() throws IOException {
        String html = written(new HtmlReport("Title", "Summary")
                .table(
                        "Numbers",
                        List.of("Norm", "Loss", "Size"),
                        List.of(
                                List.of("bn", "1.25", "128 MB"),
                                List.of("gn", "NaN", "3"),
                                List.of("8", "-2e-5", ""))));
        assertThat(html).contains("<td>bn</td><td class=\"number\">1.25</td><td class=\"number\">128 MB</td>");
        assertThat(html).contains("<td>8</td><td class=\"number\">-2e-5</td>");
    }

    @Test
    void rowsThatDoNotFitTheHeaderAndFilesThatAreNoPicturesAreRefused() throws IOException {
        HtmlReport report = new HtmlReport("Title", "Summary");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report.table("t", List.of("a", "b"), List.of(List.of("1"))))
                .withMessageContaining("2 cells");
        Path text = Files.writeString(folder.resolve("no.png"), "no picture");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report.figure("f", text))
                .withMessageContaining("no.png");
    }

    @Test
    void provenanceNamesEverythingThatIsNeeded() {
        assertThat(Provenance.of("./norms detect", 42).facts())
                .containsEntry("Command", "./norms detect")
                .containsEntry("Seed", "42")
                .containsKeys("dl4j-norms", "Deeplearning4j", "ND4J backend", "JVM", "Processor", "Memory")
                .allSatisfy((name, value) -> assertThat(value).isNotBlank().doesNotContain("${", "null"));
        assertThat(Machine.peakResidentBytes()).isGreaterThan(50_000_000);
    }
}
