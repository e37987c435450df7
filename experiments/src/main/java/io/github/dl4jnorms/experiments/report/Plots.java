package io.github.dl4jnorms.experiments.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line charts and histograms as PNG files: one look for all reports, thin over XChart. */
public final class Plots {
    /** Okabe and Ito's colours, which colour-blind readers can tell apart. */
    private static final int[] PALETTE = {0xD55E00, 0x0072B2, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x555555};

    private static final double LOG_FROM = 10;

    private static final String PERCENT = "% of the values";

    /** XChart sets the legend's entries too close. */
    private static final String GAP = "  ";

    /** Pixels for each unit of the layout, so that a page can show the picture at half size and stay sharp. */
    static final int SCALE = 2;

    private Plots() {}

    /** The palette's colour of an index; it repeats. */
    public static Color color(int index) {
        return new Color(PALETTE[Math.floorMod(index, PALETTE.length)]);
    }

    /** Lines over a linear horizontal axis. */
    public static XYChart lines(String title, String xLabel, String yLabel, List<Series> series) {
        return lines(chart(title, xLabel, yLabel, 760, 430), series);
    }

    /** The same in another height. */
    public static XYChart lines(String title, String xLabel, String yLabel, int height, List<Series> series) {
        return lines(chart(title, xLabel, yLabel, 760, height), series);
    }

    /** The same, smaller, for {@link #saveGrid}. */
    public static XYChart panel(String title, String xLabel, String yLabel, List<Series> series) {
        return lines(chart(title, xLabel, yLabel, 480, 320), series);
    }

    /**
     * Histograms over one another: of each sample, how many percent of its values lie in each bin.
     *
     * @param bins  equal ones from {@code low} to {@code high}; a value outside counts in the bin at that end
     * @param marks drawn as dashed lines from bottom to top; without a name, not in the legend
     */
    public static XYChart histogram(
            String title, String xLabel, double low, double high, int bins, List<Sample> samples, List<Sample> marks) {
        return histogram(chart(title, xLabel, PERCENT, 760, 430), low, high, bins, samples, marks);
    }

    /** The same, smaller, for {@link #saveGrid}. */
    public static XYChart histogramPanel(
            String title, String xLabel, double low, double high, int bins, List<Sample> samples, List<Sample> marks) {
        return histogram(chart(title, xLabel, PERCENT, 480, 320), low, high, bins, samples, marks);
    }

    private static XYChart histogram(
            XYChart chart, double low, double high, int bins, List<Sample> samples, List<Sample> marks) {
        double top = 0;
        for (Sample sample : samples) {
            double[] percent = percentages(sample.values(), low, high, bins);
            top = Math.max(top, DoubleStream.of(percent).max().orElse(0));
            XYSeries bars = chart.addSeries(sample.name() + GAP, edges(low, high, bins), outline(percent));
            bars.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
            bars.setMarker(SeriesMarkers.NONE);
            bars.setLineColor(color(sample.color()));
            bars.setLineStyle(new BasicStroke(1.5f));
            Color fill = color(sample.color());
            bars.setFillColor(new Color(fill.getRed(), fill.getGreen(), fill.getBlue(), 90));
        }
        for (Sample mark : marks) {
            for (int i = 0; i < mark.values().length; i++) {
                mark(chart, i == 0 ? mark.name() : "", mark.values()[i], top * 1.05, mark.color());
            }
        }
        double margin = (high - low) * 0.03;
        chart.getStyler().setXAxisMin(low - margin).setXAxisMax(high + margin);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(Math.max(0.1, top * 1.05));
        return chart;
    }

    private static void mark(XYChart chart, String name, double x, double top, int color) {
        int before = chart.getSeriesCollection().size();
        String unique = name.isEmpty() ? " ".repeat(before) : name;
        double[] xs = {x, x};
        add(chart, new Series(unique, xs, new double[] {0, top}, color, Series.Style.DASHED), xs);
        chart.getSeriesCollection().stream().skip(before).forEach(line -> line.setShowInLegend(!name.isEmpty()));
    }

    private static double[] percentages(double[] values, double low, double high, int bins) {
        double[] percent = new double[bins];
        for (double value : values) {
            int bin = (int) Math.floor((value - low) / (high - low) * bins);
            percent[Math.max(0, Math.min(bins - 1, bin))] += 100.0 / values.length;
        }
        return percent;
    }

    /** Each bin's two edges twice: once on the ground, once at its height. */
    private static double[] edges(double low, double high, int bins) {
        return IntStream.range(0, 4 * bins)
                .mapToDouble(i -> low + (high - low) * (i / 4 + (i % 4) / 2) / bins)
                .toArray();
    }

    private static double[] outline(double[] heights) {
        return IntStream.range(0, 4 * heights.length)
                .mapToDouble(i -> i % 4 == 1 || i % 4 == 2 ? heights[i / 4] : 0)
                .toArray();
    }

    private static XYChart lines(XYChart chart, List<Series> series) {
        series.forEach(s -> add(chart, s, s.x()));
        verticalScale(chart, series);
        double[] x = all(series);
        if (x.length > 0) {
            double low = DoubleStream.of(x).min().getAsDouble();
            double high = DoubleStream.of(x).max().getAsDouble();
            if (high - low >= 2 || DoubleStream.of(x).allMatch(v -> v == Math.rint(v))) {
                ticksAtIntegers(chart, low, high);
            }
        }
        return chart;
    }

    /** Lines over a base-2 logarithmic horizontal axis with a tick at each power of two; x must be positive. */
    public static XYChart linesLog2(String title, String xLabel, String yLabel, List<Series> series) {
        return linesLog2(chart(title, xLabel, yLabel, 760, 430), series);
    }

    /** The same, smaller, for {@link #saveGrid}. */
    public static XYChart panelLog2(String title, String xLabel, String yLabel, List<Series> series) {
        return linesLog2(chart(title, xLabel, yLabel, 480, 320), series);
    }

    private static XYChart linesLog2(XYChart chart, List<Series> series) {
        series.forEach(
                s -> add(chart, s, DoubleStream.of(s.x()).map(Plots::log2).toArray()));
        verticalScale(chart, series);
        double[] x = all(series);
        if (x.length > 0) {
            double low = log2(DoubleStream.of(x).min().getAsDouble());
            double high = log2(DoubleStream.of(x).max().getAsDouble());
            ticksAtIntegers(chart, Math.floor(low), Math.ceil(high));
        }
        chart.setCustomXAxisTickLabelsFormatter(Plots::powerOfTwo);
        return chart;
    }

    private static String powerOfTwo(double power) {
        String value = Long.toString(Math.round(Math.pow(2, Math.abs(power))));
        return power < -0.01 ? "1/" + value : value;
    }

    /** Writes one chart. */
    public static void save(XYChart chart, Path png) throws IOException {
        saveGrid(List.of(chart), 1, png);
    }

    /** Writes charts of one size side by side, row by row. */
    public static void saveGrid(List<XYChart> charts, int columns, Path png) throws IOException {
        int width = charts.get(0).getWidth();
        int height = charts.get(0).getHeight();
        int across = Math.min(columns, charts.size());
        int rows = (charts.size() + across - 1) / across;
        BufferedImage image =
                new BufferedImage(across * width * SCALE, rows * height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D page = image.createGraphics();
        page.setColor(Color.WHITE);
        page.fillRect(0, 0, image.getWidth(), image.getHeight());
        page.scale(SCALE, SCALE);
        for (int i = 0; i < charts.size(); i++) {
            Graphics2D cell = (Graphics2D) page.create(i % across * width, i / across * height, width, height);
            charts.get(i).paint(cell, width, height);
            cell.dispose();
        }
        page.dispose();
        savePng(image, png);
    }

    /** Writes any picture. */
    public static void savePng(BufferedImage image, Path png) throws IOException {
        AtomicFiles.write(png, out -> ImageIO.write(image, "png", out));
    }

    private static XYChart chart(String title, String xLabel, String yLabel, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(xLabel)
                .yAxisTitle(yLabel)
                .build();
        return style(chart);
    }

    private static XYChart style(XYChart chart) {
        XYStyler styler = chart.getStyler();
        Color ink = new Color(0x222222);
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setChartFontColor(ink)
                .setChartPadding(14)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16))
                .setChartTitleBoxVisible(false)
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14))
                .setLegendBorderColor(Color.WHITE)
                .setLegendPadding(12)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setMarkerSize(8)
                .setDecimalPattern("#,##0.####")
                .setAntiAlias(true)
                .setTextAntiAlias(true);
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setAxisTickMarksColor(new Color(0x888888))
                .setPlotGridLinesColor(new Color(0xDDDDDD))
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridVerticalLinesVisible(true);
        return chart;
    }

    private static void add(XYChart chart, Series series, double[] x) {
        int[] finite = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(series.y()[i]))
                .toArray();
        if (finite.length == 0) {
            return; // XChart takes no empty series
        }
        XYSeries line = chart.addSeries(
                series.name() + GAP,
                IntStream.of(finite).mapToDouble(i -> x[i]).toArray(),
                IntStream.of(finite).mapToDouble(i -> series.y()[i]).toArray());
        boolean dots = series.style() == Series.Style.SOLID || series.style() == Series.Style.DOTS;
        line.setLineColor(color(series.color()));
        line.setLineStyle(stroke(series.style()));
        line.setMarker(dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        line.setMarkerColor(color(series.color()));
    }

    private static BasicStroke stroke(Series.Style style) {
        return switch (style) {
            case SOLID -> new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            case DASHED -> new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[] {5, 5}, 0);
            case THIN -> new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
            case DOTS -> SeriesLines.NONE;
        };
    }

    /** Room around the data, and a tick at each whole number where there is space for it. */
    private static void ticksAtIntegers(XYChart chart, double low, double high) {
        double margin = Math.max(0.25, (high - low) * 0.04);
        chart.getStyler().setXAxisMin(low - margin).setXAxisMax(high + margin);
        // XChart takes only a hint in pixels: from 0.75 to 1.5 units it makes the step 1
        double unit = chart.getWidth() * 0.8 / (high - low + 2 * margin);
        int label = 20 + 10 * Long.toString(Math.round(high)).length();
        chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(Math.max(40, label), unit * 1.1));
    }

    /** A few runaway values would press all others flat: a vertical range of more than {@link #LOG_FROM} is logarithmic. */
    private static void verticalScale(XYChart chart, List<Series> series) {
        double[] y = series.stream()
                .flatMapToDouble(s -> DoubleStream.of(s.y()))
                .filter(Double::isFinite)
                .toArray();
        double low = DoubleStream.of(y).min().orElse(0);
        double high = DoubleStream.of(y).max().orElse(0);
        if (low > 0 && high / low > LOG_FROM) {
            chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(false);
            chart.setCustomYAxisTickLabelsFormatter(Plots::oneTwoFive);
            chart.setYAxisTitle(chart.getYAxisTitle() + " (log scale)");
        } else if (low == 0) {
            chart.getStyler().setYAxisMin(0.0).setYAxisMax(high == 0 ? 0.1 : high * 1.05);
        }
    }

    /** The labels of a logarithmic axis that do not run into each other: 1, 2, 5, 10, 20, 50 and so on. */
    private static String oneTwoFive(double value) {
        double mantissa = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        boolean labelled =
                Math.abs(mantissa - 1) < 0.01 || Math.abs(mantissa - 2) < 0.01 || Math.abs(mantissa - 5) < 0.01;
        return labelled ? new BigDecimal(value).round(new MathContext(1)).toPlainString() : " ";
    }

    private static double[] all(List<Series> series) {
        return series.stream().flatMapToDouble(s -> DoubleStream.of(s.x())).toArray();
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
