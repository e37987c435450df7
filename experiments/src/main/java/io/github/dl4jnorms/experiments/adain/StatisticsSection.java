package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.Norms;
import io.github.dl4jnorms.datasets.images.Rgb;
import io.github.dl4jnorms.experiments.report.Claim;
import io.github.dl4jnorms.experiments.report.CsvFile;
import io.github.dl4jnorms.experiments.report.HtmlReport;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.experiments.report.Section;
import io.github.dl4jnorms.experiments.report.Series;
import io.github.dl4jnorms.samediff.style.Vgg19;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What AdaIN assures: the content's features with the channel statistics of the style's. */
record StatisticsSection(INDArray content, INDArray style, List<Layer> layers) implements Section {
    static final double TOLERANCE = 1e-4;

    private static final String RELU3_1 = "relu3_1";

    /** So small that it does not count beside a variance; the usual one does where a channel hardly varies. */
    private static final double EPSILON = 1e-8;

    private static final double USUAL_EPSILON = 1e-5;

    /** A channel with less deviation is constant: no factor gives it another. */
    private static final double CONSTANT = 1e-3;

    /**
     * The statistics at a layer of the encoder.
     *
     * @param varying the channels that are not constant in the content
     * @param after   those of AdaIN's result
     * @param usual   those of its result with the usual ε
     */
    record Layer(
            String name,
            int[] varying,
            ChannelStatistics content,
            ChannelStatistics style,
            ChannelStatistics after,
            ChannelStatistics usual) {

        static Layer of(String name, INDArray content, INDArray style) {
            ChannelStatistics before = ChannelStatistics.of(content);
            int[] varying = IntStream.range(0, before.deviation().length)
                    .filter(channel -> before.deviation()[channel] >= CONSTANT)
                    .toArray();
            return new Layer(
                    name,
                    varying,
                    before,
                    ChannelStatistics.of(style),
                    ChannelStatistics.of(Norms.adaIn(content, style, EPSILON)),
                    ChannelStatistics.of(Norms.adaIn(content, style, USUAL_EPSILON)));
        }

        int channels() {
            return content.mean().length;
        }

        double meanError() {
            return after.meanDifference(style, IntStream.range(0, channels()).toArray());
        }

        double deviationError() {
            return after.deviationDifference(style, varying);
        }
    }

    /** Of a content and a style, pictures {@code [1, 3, H, W]}. */
    static StatisticsSection of(Vgg19 encoder, INDArray content, INDArray style) {
        String[] names = {RELU3_1, Vgg19.RELU4_1};
        Map<String, INDArray> contents = encoder.encode(content, names);
        Map<String, INDArray> styles = encoder.encode(style, names);
        List<Layer> layers = new ArrayList<>();
        for (String name : names) {
            layers.add(Layer.of(name, contents.get(name), styles.get(name)));
        }
        return new StatisticsSection(content, style, layers);
    }

    @Override
    public String title() {
        return "AdaIN: the style is in the channels' statistics";
    }

    @Override
    public List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        for (Layer layer : layers) {
            claims.add(new Claim(
                    text(
                            "%s: after AdaIN the mean of each of the %d channels is the style's",
                            layer.name(), layer.channels()),
                    layer.meanError() <= TOLERANCE,
                    text("largest difference %.1e; asserted: at most %.0e", layer.meanError(), TOLERANCE)));
            claims.add(new Claim(
                    text(
                            "%s: after AdaIN the standard deviation of each channel that varies in the content, %d of %d,"
                                    + " is the style's",
                            layer.name(), layer.varying().length, layer.channels()),
                    layer.deviationError() <= TOLERANCE,
                    text("largest difference %.1e; asserted: at most %.0e", layer.deviationError(), TOLERANCE)));
        }
        return claims;
    }

    @Override
    public void addTo(HtmlReport report, Path out) throws IOException {
        Path pair = out.resolve("pair.png");
        Plots.savePng(
                new PictureGrid(List.of("content", "style"), 384)
                        .row(List.of(Rgb.picture(content), Rgb.picture(style)))
                        .draw(),
                pair);
        writeCsv(out.resolve("channel_statistics.csv"));
        Path scatter = out.resolve("channel_statistics.png");
        Plots.saveGrid(charts(), 2, scatter);
        report.paragraph(
                        "Both pictures go through the encoder. In its features a channel's mean and standard deviation over the"
                                + " picture say how much there is of what the channel detects, not where: they are the style."
                                + " AdaIN normalizes each channel of the content's features, as instance normalization does,"
                                + " and gives it the style's two numbers instead of learned ones.")
                .formula("""
                        AdaIN(x, y) = σ(y) · (x − μ(x)) / √(σ²(x) + ε) + μ(y)          for each channel of each picture

                        new AdaIN()                         a vertex with the inputs content, style
                        Norms.adaIn(content, style, 1e-5)""")
                .paper(
                        "X. Huang, S. Belongie, Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization, 2017.",
                        "https://arxiv.org/abs/1703.06868")
                .figure("The pair that is measured here.", pair)
                .claims(claims())
                .table(
                        "The largest difference of a channel's statistic from the style's. A channel that is constant in the"
                                + " content (σ < 0.001) stays constant whatever it is multiplied by: those are left out of σ.",
                        List.of(
                                "Layer",
                                "Channels",
                                "Constant",
                                "μ before",
                                "μ after",
                                "σ before",
                                "σ after",
                                "σ after, ε = 1e-5"),
                        layers.stream().map(StatisticsSection::row).toList())
                .paragraph("The assertion is made with ε = 1e-8. With the usual 1e-5 the deviation comes out as"
                        + " σ(y) · σ(x) / √(σ²(x) + ε): a little small where a channel hardly varies in the content. That is"
                        + " the last column.")
                .figure(
                        "Each dot is a channel: across, the style's statistic; up, the content's before AdaIN (orange) and after"
                                + " it (blue). After it all lie on the diagonal.",
                        scatter);
    }

    private static List<String> row(Layer layer) {
        int[] all = IntStream.range(0, layer.channels()).toArray();
        return List.of(
                layer.name(),
                Integer.toString(layer.channels()),
                Integer.toString(layer.channels() - layer.varying().length),
                text("%.3f", layer.content().meanDifference(layer.style(), all)),
                text("%.1e", layer.meanError()),
                text("%.3f", layer.content().deviationDifference(layer.style(), layer.varying())),
                text("%.1e", layer.deviationError()),
                text("%.1e", layer.usual().deviationDifference(layer.style(), layer.varying())));
    }

    private List<XYChart> charts() {
        List<XYChart> charts = new ArrayList<>();
        for (Layer layer : layers) {
            charts.add(chart(
                    layer.name() + ": mean",
                    layer.style().mean(),
                    layer.content().mean(),
                    layer.after().mean()));
            charts.add(chart(
                    layer.name() + ": standard deviation",
                    layer.style().deviation(),
                    layer.content().deviation(),
                    layer.after().deviation()));
        }
        return charts;
    }

    private static XYChart chart(String title, double[] style, double[] before, double[] after) {
        XYChart chart = Plots.panel(
                title,
                "of the style",
                "of the content",
                List.of(
                        new Series("before", style, before, 0, Series.Style.DOTS),
                        new Series("after AdaIN", style, after, 1, Series.Style.DOTS)));
        chart.getStyler().setYAxisLogarithmic(false).setMarkerSize(4); // or the diagonal would be bent
        chart.setYAxisTitle("of the content");
        chart.setCustomYAxisTickLabelsFormatter(null);
        return chart;
    }

    private void writeCsv(Path csv) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (Layer layer : layers) {
            for (int channel = 0; channel < layer.channels(); channel++) {
                rows.add(List.of(
                        layer.name(),
                        channel,
                        layer.content().mean()[channel],
                        layer.style().mean()[channel],
                        layer.after().mean()[channel],
                        layer.content().deviation()[channel],
                        layer.style().deviation()[channel],
                        layer.after().deviation()[channel]));
            }
        }
        CsvFile.write(
                csv,
                List.of(
                        "layer",
                        "channel",
                        "content_mean",
                        "style_mean",
                        "adain_mean",
                        "content_std",
                        "style_std",
                        "adain_std"),
                rows);
    }
}
