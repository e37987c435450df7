package io.github.dl4jnorms.experiments.weightnorm;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * GANs over their training: a row for each, a column for each step. Behind the samples is what the discriminator says, blue for
 * made and orange for real; the rings are the modes.
 */
final class GanPicture {
    private static final double EXTENT = 6;
    private static final int GRID = 60;

    /** The share of the plane whose |D| is below that of the full colour: corners far from all data would pale the rest. */
    private static final double FULL = 0.8;

    private static final int CELL = 230;
    private static final int GAP = 10;
    private static final int TOP = 30;
    private static final int LABEL = 24;
    private static final Color INK = new Color(0x222222);
    private static final Color MADE = new Color(0x9ECAE8);
    private static final Color REAL = new Color(0xF6B26B);

    private GanPicture() {}

    /** The middles of the landscape's squares, row by row from the top. */
    static INDArray grid() {
        double[][] points = new double[GRID * GRID][];
        for (int i = 0; i < points.length; i++) {
            points[i] = new double[] {middle(i % GRID), -middle(i / GRID)};
        }
        return Nd4j.createFromArray(points);
    }

    private static double middle(int index) {
        return EXTENT * ((2.0 * index + 1) / GRID - 1);
    }

    static BufferedImage draw(List<GanTraining> trainings) {
        int columns = trainings.get(0).pictures().size();
        int width = columns * (CELL + GAP) + GAP;
        int height = TOP + trainings.size() * (LABEL + CELL + GAP);
        int scale = 2;
        BufferedImage image = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        Graphics2D page = image.createGraphics();
        page.scale(scale, scale);
        page.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        page.setColor(Color.WHITE);
        page.fillRect(0, 0, width, height);
        for (int row = 0; row < trainings.size(); row++) {
            GanTraining training = trainings.get(row);
            int top = TOP + row * (LABEL + CELL + GAP);
            page.setColor(INK);
            page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
            page.drawString("Discriminator: " + training.form(), GAP, top + LABEL - 8);
            for (int column = 0; column < columns; column++) {
                GanTraining.Picture picture = training.pictures().get(column);
                int left = GAP + column * (CELL + GAP);
                if (row == 0) {
                    page.setColor(INK);
                    page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
                    page.drawString("step " + picture.step(), left, TOP - 8);
                }
                Graphics2D cell = (Graphics2D) page.create(left, top + LABEL, CELL, CELL);
                draw(cell, picture);
                cell.dispose();
            }
        }
        page.dispose();
        return image;
    }

    private static void draw(Graphics2D cell, GanTraining.Picture picture) {
        double low = Arrays.stream(picture.landscape()).min().orElseThrow();
        double high = Arrays.stream(picture.landscape()).max().orElseThrow();
        double[] sizes =
                Arrays.stream(picture.landscape()).map(Math::abs).sorted().toArray();
        double full = Math.max(sizes[(int) (FULL * (sizes.length - 1))], Double.MIN_NORMAL);
        double side = (double) CELL / GRID;
        for (int i = 0; i < picture.landscape().length; i++) {
            cell.setColor(shade(picture.landscape()[i] / full));
            int x = (int) Math.floor(i % GRID * side);
            int y = (int) Math.floor(i / GRID * side);
            cell.fillRect(x, y, (int) Math.ceil(side) + 1, (int) Math.ceil(side) + 1);
        }
        cell.setColor(INK);
        cell.setStroke(new BasicStroke(1));
        double ring = Mixture.GOOD * Mixture.DEVIATION;
        for (int mode = 0; mode < Mixture.MODES; mode++) {
            cell.draw(circle(Mixture.centreX(mode), Mixture.centreY(mode), ring * CELL / (2 * EXTENT)));
        }
        cell.setColor(new Color(0x90000000, true));
        for (double[] sample : picture.samples()) {
            cell.fill(circle(sample[0], sample[1], 0.9));
        }
        cell.setColor(INK);
        cell.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        cell.drawString(
                String.format(Locale.ROOT, "D from %.2f to %.2f", low, high).replace('-', '−'), 6, CELL - 7);
        cell.setColor(new Color(0x888888));
        cell.drawRect(0, 0, CELL - 1, CELL - 1);
    }

    private static Ellipse2D circle(double x, double y, double pixels) {
        double left = (x / EXTENT + 1) / 2 * CELL - pixels;
        double top = (1 - y / EXTENT) / 2 * CELL - pixels;
        return new Ellipse2D.Double(left, top, 2 * pixels, 2 * pixels);
    }

    /** From −1, made, over 0, white, to 1, real. */
    private static Color shade(double value) {
        Color end = value < 0 ? MADE : REAL;
        double share = Math.min(1, Math.abs(value));
        return new Color(mix(end.getRed(), share), mix(end.getGreen(), share), mix(end.getBlue(), share));
    }

    private static int mix(int channel, double share) {
        return (int) Math.round(255 + (channel - 255) * share);
    }
}
