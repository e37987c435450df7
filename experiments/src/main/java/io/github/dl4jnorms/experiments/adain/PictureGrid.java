package io.github.dl4jnorms.experiments.adain;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Pictures side by side under their names, row by row. */
final class PictureGrid {
    private static final int GAP = 8;
    private static final int LABEL = 30;
    private static final Color INK = new Color(0x222222);

    private final List<String> names;
    private final int height;
    private final List<List<BufferedImage>> rows = new ArrayList<>();

    /**
     * @param names  of the columns
     * @param height of each picture; it keeps its shape
     */
    PictureGrid(List<String> names, int height) {
        this.names = names;
        this.height = height;
    }

    /** Adds a picture for each column. */
    PictureGrid row(List<BufferedImage> pictures) {
        if (pictures.size() != names.size()) {
            throw new IllegalArgumentException(
                    "pictures: takes one for each of " + names + ", received " + pictures.size());
        }
        rows.add(pictures);
        return this;
    }

    BufferedImage draw() {
        int[] widths = new int[names.size()];
        for (List<BufferedImage> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        int width = GAP;
        for (int column : widths) {
            width += column + GAP;
        }
        int all = LABEL + rows.size() * (height + GAP);
        BufferedImage image = new BufferedImage(width, all, BufferedImage.TYPE_INT_RGB);
        Graphics2D page = image.createGraphics();
        page.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        page.setColor(Color.WHITE);
        page.fillRect(0, 0, width, all);
        page.setColor(INK);
        page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 18));
        int left = GAP;
        for (int column = 0; column < widths.length; column++) {
            Graphics2D label = (Graphics2D) page.create(left, 0, widths[column], LABEL);
            label.drawString(names.get(column), 0, LABEL - 9);
            label.dispose();
            for (int row = 0; row < rows.size(); row++) {
                BufferedImage picture = rows.get(row).get(column);
                page.drawImage(picture, left, LABEL + row * (height + GAP), width(picture), height, null);
            }
            left += widths[column] + GAP;
        }
        page.dispose();
        return image;
    }

    private int width(BufferedImage picture) {
        return Math.max(1, Math.round((float) picture.getWidth() * height / picture.getHeight()));
    }
}
