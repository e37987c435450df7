package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class PlotsTest {
    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 64};

    @TempDir
    Path folder;

    private BufferedImage saved(XYChart chart) throws IOException {
        Path png = folder.resolve("chart.png");
        Plots.save(chart, png);
        return ImageIO.read(png.toFile());
    }

    private static long pixels(BufferedImage image, int colorIndex) {
        int rgb = Plots.color(colorIndex).getRGB();
        long count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += image.getRGB(x, y) == rgb ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void drawsEachSeriesInItsColour() throws IOException {
        XYChart chart = Plots.linesLog2(
                "title",
                "batch size",
                "loss",
                List.of(
                        new Series("bn", BATCH_SIZES, new double[] {9, 5, 3, 2, 2, 2}, 0),
                        new Series("gn", BATCH_SIZES, new double[] {2, 2, 2, 2, 2, 3}, 1)));
        BufferedImage image = saved(chart);
        assertThat(image.getWidth()).isEqualTo(chart.getWidth() * Plots.SCALE);
        assertThat(image.getHeight()).isEqualTo(chart.getHeight() * Plots.SCALE);
        assertThat(pixels(image, 0)).isGreaterThan(1000);
        assertThat(pixels(image, 1)).isGreaterThan(1000);
        assertThat(pixels(image, 2)).isZero();
    }

    @Test
    void log2AxisPutsPowersOfTwoAtEqualDistances() {
        XYChart chart = Plots.linesLog2(
                "title", "x", "y", List.of(new Series("bn", BATCH_SIZES, new double[] {1, 2, 3, 4, 5, 6}, 0)));
        assertThat(chart.getSeriesCollection().iterator().next().getXData()).containsExactly(0, 1, 2, 3, 4, 6);
        assertThat(chart.getStyler().getXAxisTickLabelsFormattingFunction().apply(6.0))
                .isEqualTo("64");
    }

    @Test
    void pointsThatAreNotFiniteAreLeftOut() throws IOException {
        XYChart chart = Plots.linesLog2(
                "title",
                "x",
                "y",
                List.of(
                        new Series("some", new double[] {1, 2, 4}, new double[] {1, Double.NaN, 2}, 0),
                        new Series(
                                "none", new double[] {1, 2}, new double[] {Double.NaN, Double.POSITIVE_INFINITY}, 1)));
        assertThat(chart.getSeriesCollection())
                .singleElement()
                .satisfies(series -> assertThat(series.getYData()).containsExactly(1, 2));
        assertThat(pixels(saved(chart), 1)).isZero();
    }

    @Test
    void aSinglePointAndNothingAtAllCanBeDrawn() throws IOException {
        XYChart one = Plots.linesLog2("t", "x", "y", List.of(new Series("bn", new double[] {4}, new double[] {1}, 0)));
        assertThat(pixels(saved(one), 0)).isGreaterThan(50);
        assertThat(saved(Plots.linesLog2("t", "x", "y", List.of()))).isNotNull();
        assertThat(saved(Plots.lines(
                        "t", "x", "y", List.of(new Series("bn", new double[] {1}, new double[] {Double.NaN}, 0)))))
                .isNotNull();
    }

    @Test
    void runawayValuesMakeTheAxisLogarithmic() throws IOException {
        XYChart tame =
                Plots.lines("t", "x", "y", List.of(new Series("a", new double[] {1, 2}, new double[] {1, 9}, 0)));
        XYChart wild =
                Plots.lines("t", "x", "y", List.of(new Series("a", new double[] {1, 2}, new double[] {1.2, 2243}, 0)));
        assertThat(tame.getStyler().isYAxisLogarithmic()).isFalse();
        assertThat(wild.getStyler().isYAxisLogarithmic()).isTrue();
        assertThat(saved(wild)).isNotNull();
    }

    @Test
    void wholeNumbersAndWideRangesHaveTicksAtWholeNumbersAndOthersKeepCloseToTheirValues() {
        XYChart epochs =
                Plots.lines("t", "x", "y", List.of(new Series("a", new double[] {1, 2}, new double[] {1, 2}, 0)));
        assertThat(epochs.getStyler().getXAxisMin()).isEqualTo(0.75);
        XYChart seconds =
                Plots.lines("t", "x", "y", List.of(new Series("a", new double[] {0, 0.01}, new double[] {1, 2}, 0)));
        assertThat(seconds.getStyler().getXAxisMin()).isNull();
    }

    @Test
    void linesAndDotsAreDrawnAsTheirStyleSays() throws IOException {
        double[] x = {1, 2, 3};
        double[] y = {1, 1, 1};
        long line = pixels(saved(Plots.lines("t", "x", "y", List.of(new Series("a", x, y, 0, Series.Style.THIN)))), 0);
        long dots = pixels(saved(Plots.lines("t", "x", "y", List.of(new Series("a", x, y, 0, Series.Style.DOTS)))), 0);
        long both = pixels(saved(Plots.lines("t", "x", "y", List.of(new Series("a", x, y, 0)))), 0);
        assertThat(line).isGreaterThan(2000);
        assertThat(dots).isBetween(300L, line);
        assertThat(both).isGreaterThan(line);
    }

    @Test
    void histogramCountsPercentAndPutsOutliersAtItsEnds() throws IOException {
        XYChart chart = Plots.histogram(
                "t",
                "x",
                0,
                1,
                2,
                List.of(new Sample("values", new double[] {-5, 0.1, 0.2, 0.6}, 0)),
                List.of(new Sample("mark", new double[] {0.5, 0.7}, 1), new Sample("", new double[] {0.9}, 1)));
        XYSeries bars = chart.getSeriesCollection().iterator().next();
        assertThat(bars.getXData()).containsExactly(0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1);
        assertThat(bars.getYData()).containsExactly(0, 75, 75, 0, 0, 25, 25, 0);
        assertThat(pixels(saved(chart), 1)).as("the marks").isGreaterThan(900);
        assertThat(chart.getSeriesCollection())
                .extracting(XYSeries::isShowInLegend)
                .as("a mark with two values and one without a name")
                .containsExactly(true, true, false, false);
    }

    @Test
    void gridHoldsItsPanelsRowByRow() throws IOException {
        List<Series> series = List.of(new Series("a", new double[] {1, 2, 3}, new double[] {3, 2, 1}, 0));
        XYChart panel = Plots.panel("t", "x", "y", series);
        Path png = folder.resolve("grid.png");
        Plots.saveGrid(List.of(panel, panel, panel), 2, png);
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(2 * panel.getWidth() * Plots.SCALE);
        assertThat(image.getHeight()).isEqualTo(2 * panel.getHeight() * Plots.SCALE);
    }

    @Test
    void seriesOfUnequalLengthsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Series("a", new double[2], new double[3], 0))
                .withMessageContaining("2 and 3");
    }
}
