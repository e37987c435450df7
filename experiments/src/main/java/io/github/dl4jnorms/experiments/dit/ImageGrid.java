package io.github.dl4jnorms.experiments.dit;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A picture of small images in rows and columns, each pixel as a square, with a name before each row and above each column. */
final class ImageGrid {
    /** Twice the pixels that it is shown at. */
    private static final int SCALE = 2;

    private static final int CELL = 56;
    private static final int GAP = 5;
    private static final int TOP = 26;
    private static final Color INK = new Color(0x222222);
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

    private ImageGrid() {}

    /**
     * @param rows    of images {@code [columns, 3, H, W]} with values from −1 to 1
     * @param columns names, which may be empty
     */
    static BufferedImage draw(List<String> names, List<INDArray> rows, List<String> columns) {
        int left = GAP + widest(names) + 2 * GAP;
        int top = columns.stream().allMatch(String::isEmpty) ? GAP : TOP;
        int width = left + columns.size() * (CELL + GAP);
        int height = top + rows.size() * (CELL + GAP);
        BufferedImage picture = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D page = picture.createGraphics();
        page.scale(SCALE, SCALE);
        page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        page.setColor(Color.WHITE);
        page.fillRect(0, 0, width, height);
        page.setColor(INK);
        page.setFont(FONT);
        FontMetrics metrics = page.getFontMetrics();
        for (int column = 0; column < columns.size(); column++) {
            int middle = left + column * (CELL + GAP) + CELL / 2;
            page.drawString(columns.get(column), middle - metrics.stringWidth(columns.get(column)) / 2, TOP - 9);
        }
        for (int row = 0; row < rows.size(); row++) {
            int y = top + row * (CELL + GAP);
            page.drawString(names.get(row), GAP, y + CELL / 2 + metrics.getAscent() / 2 - 1);
            for (int column = 0; column < columns.size(); column++) {
                page.drawImage(pixels(rows.get(row).slice(column)), left + column * (CELL + GAP), y, CELL, CELL, null);
            }
        }
        page.dispose();
        return picture;
    }

    private static int widest(List<String> names) {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        FontMetrics metrics = graphics.getFontMetrics(FONT);
        int widest = names.stream().mapToInt(metrics::stringWidth).max().orElse(0);
        graphics.dispose();
        return widest;
    }

    /** An image {@code [3, H, W]}. */
    private static BufferedImage pixels(INDArray image) {
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        float[] values = image.dup('c').data().asFloat();
        BufferedImage pixels = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int rgb = 0;
            for (int channel = 0; channel < ImageSet.CHANNELS; channel++) {
                rgb = rgb << 8
                        | Math.round((Math.min(1, Math.max(-1, values[channel * width * height + i])) + 1) * 127.5f);
            }
            pixels.setRGB(i % width, i / width, rgb);
        }
        return pixels;
    }
}
