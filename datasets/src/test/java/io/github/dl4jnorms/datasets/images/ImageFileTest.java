package io.github.dl4jnorms.datasets.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void aTruncatedFileIsRefusedWhereverItIsCut(String format) {
        byte[] whole = TestImages.encode(format, noise());
        for (int eighths = 0; eighths < 8; eighths++) {
            byte[] cut = Arrays.copyOf(whole, whole.length * eighths / 8);
            assertRefused(cut);
        }
        // within the last block of pixels; PNG's last chunk alone holds none
        assertRefused(Arrays.copyOf(whole, whole.length - 30));
    }

    @Test
    void aHoleInTheMiddleIsRefused() {
        byte[] bytes = TestImages.encode("jpeg", noise());
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 200, (byte) 0xff);
        assertRefused(bytes);
    }

    @Test
    void whatIsNoImageIsRefused() {
        assertRefused("GIF?".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void strayBytesBetweenMarkersDoNoHarm() throws IOException {
        byte[] bytes = TestImages.encode("jpeg", TestImages.picture(32, 32));
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.write(bytes, 0, bytes.length - 2);
        padded.write(new byte[] {1, 2, 3});
        padded.write(bytes, bytes.length - 2, 2);

        BufferedImage image = ImageFile.decode(padded.toByteArray());
        assertThat(image.getRGB(4, 4)).isEqualTo(ImageFile.decode(bytes).getRGB(4, 4));
    }

    @Test
    void greyAndTransparentImagesBecomeColours() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB}) {
            BufferedImage image = new BufferedImage(9, 7, type);
            image.setRGB(3, 2, 0xffffffff);
            BufferedImage read = ImageFile.decode(TestImages.encode("png", image));

            assertThat(read.getType()).isEqualTo(BufferedImage.TYPE_3BYTE_BGR);
            assertThat(read.getRGB(3, 2)).isEqualTo(0xffffffff);
            assertThat(read.getRGB(0, 0)).isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? 0xff000000 : 0xffffffff);
        }
    }

    private static BufferedImage noise() {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
        }
        return image;
    }

    private static void assertRefused(byte[] bytes) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ImageFile.decode(bytes))
                .withMessageNotContaining("\n")
                .withMessageNotContaining("null");
    }
}
