package io.github.dl4jnorms.datasets.detection;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads image files strictly. OpenCV fills what a truncated JPEG lacks with grey, says so on stderr alone and turns the
 * image by its EXIF tag although the boxes do not turn; the JDK's readers hand every warning to a listener and leave the
 * pixels as stored.
 */
public final class ImageFile {

    /** Damage that the decoder papers over; stray bytes between two markers, which some cameras write, are none. */
    private static final Pattern DAMAGE = Pattern.compile(
            "Premature end|Truncated|Corrupt JPEG data: (?!\\d+ extraneous bytes)|Inconsistent progression");

    private ImageFile() {}

    /**
     * Decodes a JPEG or PNG file completely.
     *
     * @return the image as {@link BufferedImage#TYPE_3BYTE_BGR}
     * @throws IOException if it cannot be decoded without loss; the message does not repeat the path
     */
    public static BufferedImage read(Path file) throws IOException {
        return decode(Files.readAllBytes(file));
    }

    /** {@link #read} of a file's content. */
    public static BufferedImage decode(byte[] bytes) throws IOException {
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("not a JPEG or PNG image");
            }
            ImageReader reader = readers.next();
            try {
                AtomicReference<String> damage = new AtomicReference<>();
                reader.addIIOReadWarningListener((source, warning) -> {
                    if (DAMAGE.matcher(warning).find()) {
                        damage.compareAndSet(null, warning);
                    }
                });
                reader.setInput(in, true, true);
                BufferedImage image = reader.read(0);
                if (damage.get() != null) {
                    throw new IOException("damaged image: " + damage.get());
                }
                return bgr(image);
            } finally {
                reader.dispose();
            }
        } catch (EOFException e) {
            throw new IOException("truncated image", e);
        } catch (RuntimeException e) {
            // what the readers throw on some malformed headers
            throw new IOException("damaged image: " + e, e);
        }
    }

    private static BufferedImage bgr(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return image;
        }
        BufferedImage bgr = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = bgr.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return bgr;
    }
}
