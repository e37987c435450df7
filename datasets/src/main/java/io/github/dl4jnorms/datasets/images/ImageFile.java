package io.github.dl4jnorms.datasets.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads image files strictly. OpenCV fills what a truncated JPEG lacks with grey and says so on stderr alone; the JDK's and
 * TwelveMonkeys' readers hand every warning to a listener.
 *
 * <p>JPEG (grey, RGB, CMYK, YCCK), PNG (8 and 16 bits), and what else ImageIO has a reader for. What is transparent lies on
 * white; all images come out as {@link BufferedImage#TYPE_3BYTE_BGR}.
 */
public final class ImageFile {

    /** Damage that the decoder papers over; stray bytes between two markers, which some cameras write, are none. */
    private static final Pattern DAMAGE = Pattern.compile(
            "Premature end|Truncated|Corrupt JPEG data: (?!\\d+ extraneous bytes)|Inconsistent progression");

    /** What a reader does with its input. */
    private interface Task<T> {
        T apply(ImageReader reader) throws IOException;
    }

    private ImageFile() {}

    /**
     * Decodes a file completely, the pixels as stored: not turned by its EXIF tag.
     *
     * @throws IOException if it cannot be decoded without loss; the message does not repeat the path
     */
    public static BufferedImage read(Path file) throws IOException {
        try (ImageInputStream in = open(file)) {
            return decode(in);
        }
    }

    /** {@link #read} of a file's content. */
    public static BufferedImage decode(byte[] bytes) throws IOException {
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            return decode(in);
        }
    }

    /**
     * Decodes a picture as somebody would look at it: turned by its EXIF tag, and smaller if it is large. Of a picture
     * whose longer side has {@code n} times as many pixels as asked for, n at least 4, only every {@code ⌊n / 2⌋}th pixel
     * and row is kept while decoding, so that memory is bounded by the size asked for; it is then averaged down to that
     * size. A picture that is small enough is left as it is.
     *
     * @param longSide the greatest length of the longer side in pixels, at least 1
     * @throws IOException if it cannot be decoded without loss; the message does not repeat the path
     */
    public static BufferedImage upright(Path file, int longSide) throws IOException {
        if (longSide < 1) {
            throw new IllegalArgumentException("longSide: takes at least 1 pixel, received " + longSide);
        }
        try (ImageInputStream in = open(file)) {
            return use(in, reader -> {
                String orientation = orientation(reader.getImageMetadata(0));
                int period = Math.max(1, Math.max(reader.getWidth(0), reader.getHeight(0)) / (2 * longSide));
                BufferedImage image = bgr(read(reader, period));
                return turned(AreaResize.within(image, longSide), orientation);
            });
        }
    }

    /**
     * The stored size of a picture, from its header.
     *
     * @throws IOException if the file is no image; the message does not repeat the path
     */
    public static Size size(Path file) throws IOException {
        try (ImageInputStream in = open(file)) {
            return use(in, reader -> new Size(reader.getWidth(0), reader.getHeight(0)));
        }
    }

    /** Width and height in pixels. */
    public record Size(int width, int height) {
        @Override
        public String toString() {
            return width + "×" + height;
        }
    }

    private static ImageInputStream open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("not a file");
        }
        return new FileImageInputStream(file.toFile());
    }

    private static BufferedImage decode(ImageInputStream in) throws IOException {
        return use(in, reader -> bgr(read(reader, 1)));
    }

    private static <T> T use(ImageInputStream in, Task<T> task) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new IOException("not an image of a kind that can be read, as JPEG and PNG are");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(in);
            return task.apply(reader);
        } catch (EOFException e) {
            throw new IOException("truncated image", e);
        } catch (RuntimeException e) {
            // what the readers throw on some malformed headers
            throw new IOException("damaged image: " + e, e);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage read(ImageReader reader, int period) throws IOException {
        AtomicReference<String> damage = new AtomicReference<>();
        reader.addIIOReadWarningListener((source, warning) -> {
            if (DAMAGE.matcher(warning).find()) {
                damage.compareAndSet(null, warning);
            }
        });
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceSubsampling(period, period, 0, 0);
        BufferedImage image = reader.read(0, param);
        if (damage.get() != null) {
            throw new IOException("damaged image: " + damage.get());
        }
        return image;
    }

    private static BufferedImage bgr(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            return image;
        }
        BufferedImage bgr = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            copyGrey(image, bgr);
            return bgr;
        }
        Graphics2D graphics = bgr.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return bgr;
    }

    /** Java takes grey values for linear light and brightens them; files mean them as they mean red, green and blue. */
    private static void copyGrey(BufferedImage grey, BufferedImage bgr) {
        Raster raster = grey.getRaster();
        boolean alpha = raster.getNumBands() > 1;
        double white = Math.pow(2, grey.getColorModel().getComponentSize(0)) - 1;
        for (int y = 0; y < bgr.getHeight(); y++) {
            for (int x = 0; x < bgr.getWidth(); x++) {
                double value = raster.getSample(x, y, 0) / white;
                if (alpha) {
                    double opacity = raster.getSample(x, y, 1) / white;
                    value = opacity * value + 1 - opacity;
                }
                bgr.setRGB(x, y, 0x010101 * (int) Math.round(255 * value));
            }
        }
    }

    /** ImageIO's name for how a picture is to be turned: counter-clockwise, then mirrored. */
    private static String orientation(IIOMetadata metadata) {
        String format = IIOMetadataFormatImpl.standardMetadataFormatName;
        if (metadata == null || !metadata.isStandardMetadataFormatSupported()) {
            return "Normal";
        }
        NodeList tags = ((Element) metadata.getAsTree(format)).getElementsByTagName("ImageOrientation");
        return tags.getLength() == 0 ? "Normal" : ((Element) tags.item(0)).getAttribute("value");
    }

    private static BufferedImage turned(BufferedImage image, String orientation) {
        int quarters = orientation.endsWith("Rotate90")
                ? 1
                : orientation.endsWith("Rotate180") ? 2 : orientation.endsWith("Rotate270") ? 3 : 0;
        int mirrorX = orientation.startsWith("FlipH") ? -1 : 1;
        int mirrorY = orientation.startsWith("FlipV") ? -1 : 1;
        if (quarters == 0 && mirrorX == 1 && mirrorY == 1) {
            return image;
        }
        boolean across = quarters % 2 == 1;
        int width = across ? image.getHeight() : image.getWidth();
        int height = across ? image.getWidth() : image.getHeight();
        AffineTransform turn = AffineTransform.getTranslateInstance(width / 2.0, height / 2.0);
        turn.scale(mirrorX, mirrorY);
        turn.quadrantRotate(-quarters); // y points down
        turn.translate(-image.getWidth() / 2.0, -image.getHeight() / 2.0);
        BufferedImage turned = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = turned.createGraphics();
        graphics.drawImage(image, turn, null);
        graphics.dispose();
        return turned;
    }
}
