package io.github.dl4jnorms.datasets.synthetic;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Folders that are there whole or not at all: made under another name beside their place and moved there when complete. */
final class MadeFolder {

    private static final float JPEG_QUALITY = 0.9f;

    /** Writes what a folder is to hold. */
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    private MadeFolder() {}

    /**
     * Makes a folder.
     *
     * @param dir it must not exist, unless as an empty folder
     * @return {@code dir}
     * @throws IllegalArgumentException if the folder already holds something
     * @throws UncheckedIOException if it cannot be written
     */
    static Path write(Path dir, Content content) {
        try {
            if (Files.exists(dir) && !isEmptyFolder(dir)) {
                throw new IllegalArgumentException("dir must not exist yet or be an empty folder: " + dir);
            }
            Path place = dir.toAbsolutePath();
            Files.createDirectories(place.getParent());
            Path unfinished = place.resolveSibling(place.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                Files.createDirectory(unfinished);
                content.writeTo(unfinished);
                Files.deleteIfExists(place);
                Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(unfinished);
            }
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the images to " + dir, e);
        }
    }

    static void writeJpeg(BufferedImage image, Path path) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (OutputStream file = Files.newOutputStream(path);
                ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(JPEG_QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }

    static void atLeast(String argument, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(argument + " must be at least " + least + ", got " + value);
        }
    }

    private static boolean isEmptyFolder(Path dir) throws IOException {
        if (!Files.isDirectory(dir)) {
            return false;
        }
        try (Stream<Path> content = Files.list(dir)) {
            return content.findAny().isEmpty();
        }
    }

    private static void delete(Path dir) throws IOException {
        if (Files.exists(dir)) {
            try (Stream<Path> content = Files.walk(dir)) {
                for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
