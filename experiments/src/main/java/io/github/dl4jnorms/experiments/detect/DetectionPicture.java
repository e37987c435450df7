package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.samediff.detection.Box;
import io.github.dl4jnorms.samediff.detection.Detection;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Ground truth beside detections: a row for each image, a column for the truth and one for each norm, a colour for each
 * class.
 *
 * <p>Of an image with k objects the k best-scored detections are drawn, at least one. A threshold on the score would show
 * nothing of a detector that is right but unsure, as one is after a few epochs.
 */
final class DetectionPicture {
    /** One column of detections: a title, and for each image what was detected. */
    record Column(String title, List<List<Detection>> images) {}

    private static final int CELL = 440;
    private static final int GAP = 20;
    private static final int HEADER = 64;
    private static final int LEGEND = 72;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 28);
    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.BOLD, 20);

    private final List<String> classNames;
    private final Graphics2D graphics;
    private final BufferedImage page;

    private DetectionPicture(List<String> classNames, int columns, int rows) {
        this.classNames = classNames;
        int width = GAP + columns * (CELL + GAP);
        int height = HEADER + rows * (CELL + GAP) + LEGEND;
        page = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = page.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
    }

    /** Draws everything; each column holds detections for at least as many images as there are samples. */
    static BufferedImage draw(List<String> classNames, List<DetectData.Sample> samples, List<Column> columns) {
        DetectionPicture picture = new DetectionPicture(classNames, columns.size() + 1, samples.size());
        picture.title("Ground truth", 0);
        for (int c = 0; c < columns.size(); c++) {
            picture.title(columns.get(c).title(), c + 1);
        }
        for (int row = 0; row < samples.size(); row++) {
            DetectData.Sample sample = samples.get(row);
            picture.truth(sample, row);
            for (int c = 0; c < columns.size(); c++) {
                picture.detections(sample, columns.get(c).images().get(row), row, c + 1);
            }
        }
        picture.legend();
        picture.graphics.dispose();
        return picture.page;
    }

    private void title(String text, int column) {
        graphics.setFont(TITLE);
        graphics.setColor(Color.DARK_GRAY);
        graphics.drawString(text, left(column), HEADER - 20);
    }

    private void truth(DetectData.Sample sample, int row) {
        Graphics2D cell = cell(sample, row, 0);
        double scale = (double) CELL / sample.picture().getWidth();
        sample.truth().forEach(object -> box(cell, object.box(), scale, Plots.color(object.classIndex())));
        cell.dispose();
    }

    private void detections(DetectData.Sample sample, List<Detection> detections, int row, int column) {
        Graphics2D cell = cell(sample, row, column);
        double scale = (double) CELL / sample.picture().getWidth();
        long objects = Math.max(
                1, sample.truth().stream().filter(object -> !object.difficult()).count());
        List<Detection> best = detections.stream()
                .sorted(Comparator.comparingDouble(Detection::score).reversed())
                .limit(objects)
                .toList();
        best.forEach(detection -> box(cell, detection.box(), scale, Plots.color(detection.classIndex())));
        best.forEach(detection -> score(cell, detection, scale));
        cell.dispose();
    }

    /** The image in its place, and a drawing surface clipped to it. */
    private Graphics2D cell(DetectData.Sample sample, int row, int column) {
        int top = HEADER + row * (CELL + GAP);
        graphics.drawImage(sample.picture(), left(column), top, CELL, CELL, null);
        return (Graphics2D) graphics.create(left(column), top, CELL, CELL);
    }

    private static void box(Graphics2D cell, Box box, double scale, Color color) {
        int x = (int) Math.round(box.x1() * scale);
        int y = (int) Math.round(box.y1() * scale);
        int width = (int) Math.round(box.width() * scale);
        int height = (int) Math.round(box.height() * scale);
        cell.setStroke(new BasicStroke(7));
        cell.setColor(new Color(255, 255, 255, 150));
        cell.drawRect(x, y, width, height);
        cell.setStroke(new BasicStroke(4));
        cell.setColor(color);
        cell.drawRect(x, y, width, height);
    }

    private static void score(Graphics2D cell, Detection detection, double scale) {
        String text = String.format(Locale.ROOT, "%.2f", detection.score());
        cell.setFont(LABEL);
        FontMetrics metrics = cell.getFontMetrics();
        int width = metrics.stringWidth(text) + 8;
        int x = Math.min(CELL - width, (int) Math.round(detection.box().x1() * scale));
        int y = Math.max(0, (int) Math.round(detection.box().y1() * scale) - metrics.getHeight());
        cell.setColor(Plots.color(detection.classIndex()));
        cell.fillRect(x, y, width, metrics.getHeight());
        cell.setColor(Color.WHITE);
        cell.drawString(text, x + 4, y + metrics.getAscent());
    }

    private void legend() {
        graphics.setFont(TITLE.deriveFont(Font.PLAIN));
        int x = GAP;
        int baseline = page.getHeight() - LEGEND / 2 + 8;
        for (int i = 0; i < classNames.size(); i++) {
            graphics.setColor(Plots.color(i));
            graphics.fillRect(x, baseline - 22, 26, 26);
            graphics.setColor(Color.DARK_GRAY);
            graphics.drawString(classNames.get(i), x + 38, baseline);
            x += 38 + graphics.getFontMetrics().stringWidth(classNames.get(i)) + 40;
        }
    }

    private static int left(int column) {
        return GAP + column * (CELL + GAP);
    }
}
