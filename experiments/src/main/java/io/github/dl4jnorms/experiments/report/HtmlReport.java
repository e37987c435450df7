package io.github.dl4jnorms.experiments.report;

import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * An experiment's report: one HTML file that needs nothing beside it. Pictures and styles are inside, it reads well in
 * light and dark, and all text is escaped. What is added first comes first; the provenance ends the page.
 */
public final class HtmlReport {
    /** A piece of the page, told apart by {@code kind} in the template. */
    public sealed interface Block {
        /** The name of the template's macro. */
        default String kind() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    public record Heading(String text) implements Block {}

    public record Paragraph(String text) implements Block {}

    public record Formula(String text) implements Block {}

    public record Paper(String citation, String url) implements Block {}

    public record Table(String caption, List<String> header, List<List<String>> rows) implements Block {
        private static final Pattern NUMBER =
                Pattern.compile("[-+−]?\\d[\\d.,]*(e[-+]?\\d+)?( ?[%×]| [a-zA-Z]{1,3})?|NaN|–|");

        /** Whether all of a column's cells are numbers, which are aligned to the right; an empty cell may be among them. */
        public boolean numeric(int column) {
            return !rows.isEmpty()
                    && rows.stream()
                            .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
        }
    }

    public record Figure(String caption, String base64, int width) implements Block {}

    public record Claims(List<Claim> claims) implements Block {}

    private static final Configuration FREEMARKER = freemarker();

    private final String title;
    private final String summary;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * @param title   the page's title
     * @param summary a paragraph under it: the question and how it was asked
     */
    public HtmlReport(String title, String summary) {
        this.title = title;
        this.summary = summary;
    }

    public HtmlReport heading(String text) {
        return add(new Heading(text));
    }

    public HtmlReport paragraph(String text) {
        return add(new Paragraph(text));
    }

    /** A formula, or anything else whose line breaks and columns are to stay: program text, a message. */
    public HtmlReport formula(String text) {
        return add(new Formula(text));
    }

    /** A paper with its link, which the page's reader may follow. */
    public HtmlReport paper(String citation, String url) {
        return add(new Paper(citation, url));
    }

    /** A table; every row takes as many cells as the header. Columns of numbers are aligned to the right. */
    public HtmlReport table(String caption, List<String> header, List<List<String>> rows) {
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "rows takes " + header.size() + " cells a row as the header has, got " + row);
            }
        }
        return add(new Table(caption, List.copyOf(header), List.copyOf(rows)));
    }

    /** A picture from a PNG file, copied into the page and shown at half its size, as {@link Plots} means it. */
    public HtmlReport figure(String caption, Path png) throws IOException {
        byte[] bytes = Files.readAllBytes(png);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        if (image == null) {
            throw new IllegalArgumentException("png takes a picture, got " + png);
        }
        return add(new Figure(caption, Base64.getEncoder().encodeToString(bytes), image.getWidth() / Plots.SCALE));
    }

    /** Claims, each with a badge that says whether it holds. */
    public HtmlReport claims(List<Claim> claims) {
        return add(new Claims(List.copyOf(claims)));
    }

    private HtmlReport add(Block block) {
        blocks.add(block);
        return this;
    }

    /** Writes the page. */
    public void write(Path html, Provenance provenance) throws IOException {
        StringWriter page = new StringWriter();
        try {
            Template template = FREEMARKER.getTemplate("report.ftlh");
            template.process(
                    Map.of(
                            "title", title,
                            "summary", summary,
                            "blocks", blocks,
                            "provenance", provenance.facts()),
                    page);
        } catch (TemplateException e) {
            throw new IllegalStateException("report.ftlh is broken: " + e.getMessage(), e);
        }
        AtomicFiles.write(html, page.toString());
    }

    private static Configuration freemarker() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34); // records as beans since 2.3.33
        configuration.setClassForTemplateLoading(HtmlReport.class, "");
        configuration.setDefaultEncoding("UTF-8");
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        return configuration;
    }
}
