package io.github.dl4jnorms.datasets.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.datasets.detection.BoxAnnotation;
import io.github.dl4jnorms.datasets.detection.VocFolder;
import io.github.dl4jnorms.datasets.detection.VocImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellImagesTest {

    @TempDir
    Path temp;

    @Test
    void makesAFolderThatReadsWithoutProblems() {
        VocFolder folder = VocFolder.open(CellImages.write(temp.resolve("cells"), 64, 80, 20, 1));
        List<VocImage> train = folder.split("train", 0);

        assertThat(folder.splits()).containsExactly("train", "val");
        assertThat(folder.classNames()).containsExactly("blob", "disc", "speck");
        assertThat(train).hasSize(80).allSatisfy(image -> {
            assertThat(image.width()).isEqualTo(64);
            assertThat(image.height()).isEqualTo(64);
        });
        assertThat(folder.split("val", 0)).hasSize(20);
        assertThat(folder.problems()).isEmpty();

        Map<String, List<BoxAnnotation>> byClass = train.stream()
                .flatMap(image -> image.boxes().stream())
                .collect(Collectors.groupingBy(BoxAnnotation::name));
        assertThat(byClass.get("disc").size()).isBetween(80 * 5, 80 * 9);
        assertThat(byClass.get("blob").size()).isBetween(80 / 3, 80);
        assertThat(byClass.get("speck").size()).isBetween(80 * 2 / 3, 80 * 2);
        assertThat(greatestWidth(byClass.get("speck")))
                .isLessThan(greatestWidth(byClass.get("disc")))
                .isPositive();
        assertThat(greatestWidth(byClass.get("disc"))).isLessThan(greatestWidth(byClass.get("blob")));
        assertThat(train.stream().filter(image -> image.boxes().isEmpty()).count())
                .isBetween(1L, 12L);
        assertThat(byClass.get("disc")).anySatisfy(box -> assertThat(box.xMin()).isZero());
    }

    @Test
    void theFirstImageOfASplitHoldsEveryClass() {
        for (int seed = 0; seed < 20; seed++) {
            VocFolder folder = VocFolder.open(CellImages.write(temp.resolve("cells" + seed), 32, 1, 1, seed));
            assertThat(folder.classNames()).hasSize(3);
        }
    }

    @Test
    void equalSeedsGiveEqualFilesAndOthersDoNot() throws IOException {
        Map<String, List<Byte>> first = content(CellImages.write(temp.resolve("a"), 48, 3, 2, 1));

        assertThat(content(CellImages.write(temp.resolve("b"), 48, 3, 2, 1))).isEqualTo(first);
        assertThat(content(CellImages.write(temp.resolve("c"), 48, 3, 2, 2))).isNotEqualTo(first);
        // more of them are the same and more
        assertThat(content(CellImages.write(temp.resolve("d"), 48, 4, 2, 1))
                        .get(Path.of("JPEGImages", "val_00001.jpg").toString()))
                .isEqualTo(first.get(Path.of("JPEGImages", "val_00001.jpg").toString()));
    }

    @Test
    void nothingIsOverwrittenAndNothingLeftBeside() throws IOException {
        Path dir = temp.resolve("sub").resolve("cells");
        Files.createDirectories(dir);
        CellImages.write(dir, 32, 1, 1, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellImages.write(dir, 32, 1, 1, 1))
                .withMessageContaining(dir.toString());
        try (Stream<Path> beside = Files.list(dir.getParent())) {
            assertThat(beside).containsExactly(dir);
        }
    }

    @Test
    void refusesArgumentsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellImages.write(temp.resolve("x"), 31, 1, 1, 1))
                .withMessageContaining("imageSize")
                .withMessageContaining("31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellImages.write(temp.resolve("x"), 32, 0, 1, 1))
                .withMessageContaining("train");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellImages.write(temp.resolve("x"), 32, 1, 0, 1))
                .withMessageContaining("val");
    }

    private static float greatestWidth(List<BoxAnnotation> boxes) {
        return boxes.stream().map(BoxAnnotation::width).max(Float::compare).orElseThrow();
    }

    private static Map<String, List<Byte>> content(Path dir) throws IOException {
        Map<String, List<Byte>> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                content.put(
                        dir.relativize(file).toString(),
                        IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList());
            }
        }
        return content;
    }
}
