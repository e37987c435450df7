package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.experiments.report.Plots;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The plane, coloured by the classes of evaluation mode, and on it the test points, darker the more often they flip. */
final class FlipMap {
    private static final int SIDE = 1040;
    private static final int MARGIN = 40;
    private static final int LEGEND = 400;

    /** The plane is evaluated once for each square of so many pixels. */
    private static final int CELL = 4;

    /** The plane reaches from −EXTENT to EXTENT. */
    private static final double EXTENT = 1.1;

    private static final double[] SHARES = {0, 0.1, 0.5, 1};

    private FlipMap() {}

    /**
     * @param points  x and y, a row each
     * @param flipped each point's share of flipped answers, from 0 to 1
     */
    static BufferedImage draw(MultiLayerNetwork network, INDArray points, double[] flipped) {
        BufferedImage image =
                new BufferedImage(SIDE + 2 * MARGIN + LEGEND, SIDE + 2 * MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D page = image.createGraphics();
        page.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        page.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        page.setColor(Color.WHITE);
        page.fillRect(0, 0, image.getWidth(), image.getHeight());
        plane(page, network);
        // those that flip most lie on top
        List<Integer> order = IntStream.range(0, flipped.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> flipped[i]))
                .toList();
        for (int i : order) {
            point(page, pixel(points.getDouble(i, 0)), pixel(-points.getDouble(i, 1)), flipped[i]);
        }
        legend(page);
        page.dispose();
        return image;
    }

    private static void plane(Graphics2D page, MultiLayerNetwork network) {
        int cells = SIDE / CELL;
        float[][] centres = new float[cells * cells][];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = new float[] {(float) coordinate(i % cells, cells), (float) -coordinate(i / cells, cells)};
        }
        int[] classes = Training.classes(network.output(Nd4j.create(centres)));
        for (int i = 0; i < centres.length; i++) {
            page.setColor(pale(Plots.color(classes[i])));
            page.fillRect(MARGIN + i % cells * CELL, MARGIN + i / cells * CELL, CELL, CELL);
        }
    }

    private static double coordinate(int cell, int cells) {
        return EXTENT * (2 * (cell + 0.5) / cells - 1);
    }

    private static double pixel(double coordinate) {
        return MARGIN + SIDE * (coordinate / EXTENT + 1) / 2;
    }

    private static void point(Graphics2D page, double x, double y, double share) {
        double radius = 5 + 7 * Math.sqrt(share);
        Ellipse2D dot = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
        int grey = (int) Math.round(255 * (1 - Math.sqrt(share)));
        page.setColor(new Color(grey, grey, grey));
        page.fill(dot);
        page.setColor(new Color(0x444444));
        page.setStroke(new BasicStroke(1.5f));
        page.draw(dot);
    }

    private static void legend(Graphics2D page) {
        int x = SIDE + 2 * MARGIN;
        int y = MARGIN + 30;
        page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 28));
        page.setColor(new Color(0x222222));
        page.drawString("flipped answers", x, y);
        page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 26));
        for (double share : SHARES) {
            y += 50;
            point(page, x + 15, y - 9, share);
            page.setColor(new Color(0x222222));
            page.drawString(share == 0 ? "none" : Math.round(100 * share) + " %", x + 45, y);
        }
        y += 90;
        page.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 28));
        page.drawString("class in evaluation", x, y);
        page.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 26));
        for (int i = 0; i < BatchnormSettings.CLASSES; i++) {
            y += 50;
            page.setColor(pale(Plots.color(i)));
            page.fillRect(x, y - 24, 30, 30);
            page.setColor(new Color(0x222222));
            page.drawString("arm " + (i + 1), x + 45, y);
        }
    }

    private static Color pale(Color color) {
        return new Color(
                (color.getRed() + 2 * 255) / 3, (color.getGreen() + 2 * 255) / 3, (color.getBlue() + 2 * 255) / 3);
    }
}
