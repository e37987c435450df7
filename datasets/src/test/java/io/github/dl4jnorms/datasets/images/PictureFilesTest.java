package io.github.dl4jnorms.datasets.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of the kinds that people have, each of them looked at where its colour is known. */
class PictureFilesTest {
    private static final int RED = 0xc81e28;
    private static final int GREEN = 0x1eb43c;
    private static final int BLUE = 0x1e28c8;
    private static final int YELLOW = 0xe6dc28;

    @TempDir
    Path dir;

    /** Red and blue above, green and yellow below; wider than high. */
    private static BufferedImage quarters(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean left = x < width / 2;
                image.setRGB(x, y, y < height / 2 ? (left ? RED : BLUE) : (left ? GREEN : YELLOW));
            }
        }
        return image;
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(dir.resolve(name), bytes);
    }

    private static void assertColour(BufferedImage image, int x, int y, int rgb, int tolerance) {
        Color expected = new Color(rgb);
        Color found = new Color(image.getRGB(x, y));
        int worst = Math.max(
                Math.abs(expected.getRed() - found.getRed()),
                Math.max(
                        Math.abs(expected.getGreen() - found.getGreen()),
                        Math.abs(expected.getBlue() - found.getBlue())));
        assertThat(worst).as("(%d, %d): %s for %s", x, y, found, expected).isLessThanOrEqualTo(tolerance);
    }

    /** EXIF's eight orientations: the colours at the upper left and the lower right once turned. */
    @ParameterizedTest
    @CsvSource({
        "1, 60, c81e28, e6dc28",
        "2, 60, 1e28c8, 1eb43c",
        "3, 60, e6dc28, c81e28",
        "4, 60, 1eb43c, 1e28c8",
        "5, 40, c81e28, e6dc28",
        "6, 40, 1eb43c, 1e28c8",
        "7, 40, e6dc28, c81e28",
        "8, 40, 1e28c8, 1eb43c",
    })
    void turnedByItsExifTag(int orientation, int width, String upperLeft, String lowerRight) throws IOException {
        byte[] exif = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] bytes = withSegment(TestImages.encode("jpeg", quarters(60, 40)), exif);
        Path file = file("turned.jpg", bytes);

        BufferedImage image = ImageFile.upright(file, 1000);
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(100 - width);
        assertColour(image, 4, 4, Integer.parseInt(upperLeft, 16), 6);
        assertColour(image, width - 4, 95 - width, Integer.parseInt(lowerRight, 16), 6);
        assertColour(ImageFile.read(file), 4, 4, RED, 6);
    }

    /** Behind the start of the image. */
    private static byte[] withSegment(byte[] jpeg, byte[] segment) {
        byte[] bytes = new byte[jpeg.length + segment.length];
        System.arraycopy(jpeg, 0, bytes, 0, 2);
        System.arraycopy(segment, 0, bytes, 2, segment.length);
        System.arraycopy(jpeg, 2, bytes, 2 + segment.length, jpeg.length - 2);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void printersColoursAreConverted(boolean ycck) throws IOException {
        BufferedImage picture = quarters(64, 64);
        WritableRaster raster = Raster.createInterleavedRaster(0, 64, 64, 4, new Point());
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                Color color = new Color(picture.getRGB(x, y));
                double[] inks = {color.getRed(), color.getGreen(), color.getBlue(), 255}; // inverted: 255 is no ink
                raster.setPixel(x, y, ycck ? ycck(inks) : inks);
            }
        }
        byte transform = (byte) (ycck ? 2 : 0);
        byte[] adobe = {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform};

        BufferedImage image = ImageFile.upright(file("print.jpg", withSegment(jpeg(raster), adobe)), 1000);
        assertColour(image, 10, 10, RED, 8);
        assertColour(image, 50, 10, BLUE, 8);
        assertColour(image, 10, 50, GREEN, 8);
        assertColour(image, 50, 50, YELLOW, 8);
    }

    /** libjpeg's: YCC of what CMY leaves of 255. */
    private static double[] ycck(double[] cmyk) {
        double r = 255 - cmyk[0];
        double g = 255 - cmyk[1];
        double b = 255 - cmyk[2];
        double y = 0.299 * r + 0.587 * g + 0.114 * b;
        return new double[] {y, 128 + (b - y) / 1.772, 128 + (r - y) / 1.402, cmyk[3]};
    }

    private static byte[] jpeg(Raster raster) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, null, null));
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void greyKeepsItsValues(int type) throws IOException {
        BufferedImage grey = new BufferedImage(8, 8, type);
        int white = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
        grey.getRaster().setSample(5, 2, 0, white * 100 / 255);
        grey.getRaster().setSample(6, 2, 0, white);

        BufferedImage image = ImageFile.upright(file("grey.png", TestImages.encode("png", grey)), 100);
        assertThat(image.getRGB(5, 2)).isEqualTo(0xff646464);
        assertThat(image.getRGB(6, 2)).isEqualTo(0xffffffff);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xff000000);
    }

    @Test
    void sixteenBitColoursAreRounded() throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 4, 4, 3, null);
        raster.setPixel(1, 2, new int[] {200 * 257, 100 * 257, 50 * 257});
        var rgb = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);
        BufferedImage deep = new BufferedImage(rgb, raster, false, null);

        BufferedImage image = ImageFile.upright(file("deep.png", TestImages.encode("png", deep)), 100);
        assertColour(image, 1, 2, 0xc86432, 1);
    }

    @Test
    void whatIsHalfTransparentLiesOnWhite() throws IOException {
        BufferedImage glass = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
        glass.setRGB(1, 1, 0x80ff0000);

        BufferedImage image = ImageFile.upright(file("glass.png", TestImages.encode("png", glass)), 100);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xffffffff);
        assertColour(image, 1, 1, 0xff7f7f, 1);
    }

    /** Pixels are averaged, not picked: of black and white columns grey is left. */
    @Test
    void largePicturesAreMadeSmaller() throws IOException {
        BufferedImage image = ImageFile.upright(file("large.jpg", TestImages.encode("jpeg", quarters(1203, 601))), 100);
        assertThat(image.getWidth()).isEqualTo(100);
        assertThat(image.getHeight()).isEqualTo(50);
        assertColour(image, 20, 10, RED, 6);
        assertColour(image, 80, 40, YELLOW, 6);

        BufferedImage columns = new BufferedImage(192, 64, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 192; x += 2) {
            for (int y = 0; y < 64; y++) {
                columns.setRGB(x, y, 0xffffff);
            }
        }
        assertColour(
                ImageFile.upright(file("columns.png", TestImages.encode("png", columns)), 96), 40, 10, 0x808080, 1);
    }

    @Test
    void smallPicturesAreLeftAsTheyAre() throws IOException {
        Path file = file("small.png", TestImages.encode("png", quarters(31, 17)));
        assertThat(ImageFile.upright(file, 1000).getWidth()).isEqualTo(31);
        assertThat(ImageFile.size(file)).hasToString("31×17");
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        Path text = file("text.png", "not a picture".getBytes());
        byte[] whole = TestImages.encode("jpeg", quarters(300, 200));
        Path cut = file("cut.jpg", Arrays.copyOf(whole, whole.length / 2));
        for (Path file : new Path[] {text, cut, file("empty.png", new byte[0]), dir, dir.resolve("missing.png")}) {
            assertThatExceptionOfType(IOException.class)
                    .as("%s", file)
                    .isThrownBy(() -> ImageFile.upright(file, 100))
                    .withMessageNotContaining("\n")
                    .withMessageNotContaining("null");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFile.upright(text, 0))
                .withMessage("longSide: takes at least 1 pixel, received 0");
    }
}
