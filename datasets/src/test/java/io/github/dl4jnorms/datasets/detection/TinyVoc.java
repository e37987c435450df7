package io.github.dl4jnorms.datasets.detection;

import io.github.dl4jnorms.datasets.images.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small VOC folders, good and bad. */
final class TinyVoc {

    final Path dir;

    TinyVoc(Path dir) {
        this.dir = dir;
        try {
            Files.createDirectories(dir.resolve("JPEGImages"));
            Files.createDirectories(dir.resolve("Annotations"));
            Files.createDirectories(dir.resolve("ImageSets/Main"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TinyVoc split(String name, String... ids) {
        return text("ImageSets/Main/" + name + ".txt", String.join("\n", ids) + "\n");
    }

    TinyVoc text(String path, String text) {
        return bytes(path, text.getBytes(StandardCharsets.UTF_8));
    }

    TinyVoc bytes(String path, byte[] bytes) {
        try {
            Files.write(dir.resolve(path), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    TinyVoc jpeg(String id, int width, int height) {
        return bytes("JPEGImages/" + id + ".jpg", TestImages.encode("jpeg", TestImages.picture(width, height)));
    }

    /** An image of 60 × 40 with one object of class "cell" over x 10 to 30, y 5 to 25 (continuous). */
    TinyVoc good(String id) {
        return jpeg(id, 60, 40).xml(id, object("cell", 11, 6, 30, 25));
    }

    TinyVoc xml(String id, String... objects) {
        return text(
                "Annotations/" + id + ".xml",
                "<annotation>\n<filename>" + id + ".jpg</filename>\n" + String.join("\n", objects) + "\n</annotation>");
    }

    static String object(String name, Object xMin, Object yMin, Object xMax, Object yMax) {
        return "<object><name>" + name + "</name><bndbox><xmin>" + xMin + "</xmin><ymin>" + yMin + "</ymin><xmax>"
                + xMax + "</xmax><ymax>" + yMax + "</ymax></bndbox></object>";
    }

    VocFolder open() {
        return VocFolder.open(dir);
    }

    List<String> ids(VocFolder folder, String split) {
        return folder.split(split, 0).stream().map(VocImage::id).toList();
    }
}
