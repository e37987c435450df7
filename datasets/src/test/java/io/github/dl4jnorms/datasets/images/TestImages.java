package io.github.dl4jnorms.datasets.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Small pictures, and the bytes of their files. */
public final class TestImages {

    private TestImages() {}

    /** Red on the left, green on the right; the upper half darker than the lower. */
    public static BufferedImage picture(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(new Color(100, 0, 0));
        g.fillRect(0, 0, width / 2, height / 2);
        g.setColor(new Color(0, 100, 0));
        g.fillRect(width / 2, 0, width, height / 2);
        g.setColor(new Color(200, 0, 0));
        g.fillRect(0, height / 2, width / 2, height);
        g.setColor(new Color(0, 200, 0));
        g.fillRect(width / 2, height / 2, width, height);
        g.dispose();
        return image;
    }

    public static byte[] encode(String format, BufferedImage image) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException(format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
