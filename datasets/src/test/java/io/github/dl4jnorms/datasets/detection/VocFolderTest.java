package io.github.dl4jnorms.datasets.detection;

import static io.github.dl4jnorms.datasets.detection.TinyVoc.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.datasets.images.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocFolderTest {

    @TempDir
    Path temp;

    private TinyVoc voc;

    @BeforeEach
    void oneGoodImage() {
        voc = new TinyVoc(temp.resolve("voc")).good("good");
    }

    @Test
    void readsImagesAndBoxes() {
        VocFolder folder = voc.split("train", "good").open();

        assertThat(folder.classNames()).containsExactly("cell");
        assertThat(folder.split("train", 0))
                .containsExactly(new VocImage(
                        "good",
                        voc.dir.resolve("JPEGImages/good.jpg"),
                        60,
                        40,
                        List.of(new BoxAnnotation("cell", 10, 5, 30, 25, false))));
        assertThat(folder.problems()).isEmpty();
    }

    @Test
    void limitTakesTheFirstUsableImages() {
        voc.good("b").good("c").jpeg("bad", 8, 8).split("train", "bad", "good", "b", "c");

        assertThat(voc.open().split("train", 2)).extracting(VocImage::id).containsExactly("good", "b");
    }

    @Test
    void classesAreThoseOfTheWholeTrainSplitSorted() {
        voc.jpeg("two", 60, 40)
                .xml("two", object("virus", 1, 1, 9, 9), object("bacterium", 1, 1, 9, 9))
                .split("train", "good", "two");

        assertThat(voc.open().classNames()).containsExactly("bacterium", "cell", "virus");
    }

    @Test
    void anObjectOfAClassNotTrainedOnIsReportedAndDropped() {
        voc.jpeg("new", 60, 40)
                .xml("new", object("virus", 1, 1, 9, 9), object("cell", 1, 1, 9, 9))
                .split("train", "good")
                .split("val", "new");
        VocFolder folder = voc.open();

        assertThat(folder.split("val", 0).get(0).boxes())
                .extracting(BoxAnnotation::name)
                .containsExactly("cell");
        assertProblem(folder, "Annotations/new.xml", "virus");
    }

    @Test
    void splitsAreSortedAndPerClassListsAreReadByTheirIds() {
        voc.split("train", "good").split("cell_train", "good  1").split("val", "good");
        VocFolder folder = voc.open();

        assertThat(folder.splits()).containsExactly("cell_train", "train", "val");
        assertThat(voc.ids(folder, "cell_train")).containsExactly("good");
    }

    @Test
    void anIdMayHoldSpacesAndIsTakenOnce() {
        VocFolder folder = voc.good("a good one")
                .split("train", "a good one", "", "a good one")
                .open();

        assertThat(voc.ids(folder, "train")).containsExactly("a good one");
        assertProblem(folder, "ImageSets/Main/train.txt", "twice");
    }

    @Test
    void anImageWithoutObjectsIsANegativeSample() {
        VocFolder folder = voc.jpeg("empty", 60, 40)
                .xml("empty")
                .split("train", "good", "empty")
                .open();

        assertThat(folder.split("train", 0).get(1).boxes()).isEmpty();
        assertThat(folder.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<annotation><object>",
                "no xml at all",
                "<html/>",
                "<!DOCTYPE annotation [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><annotation>&e;</annotation>"
            })
    void aBrokenAnnotationIsReportedAndItsImageSkipped(String xml) {
        VocFolder folder = voc.jpeg("bad", 60, 40)
                .text("Annotations/bad.xml", xml)
                .split("train", "bad", "good")
                .open();

        assertThat(voc.ids(folder, "train")).containsExactly("good");
        assertProblem(folder, "Annotations/bad.xml", "skipped");
    }

    @Test
    void aMissingAnnotationIsReportedAndItsImageSkipped() {
        VocFolder folder = voc.jpeg("bad", 60, 40).split("train", "bad", "good").open();

        assertThat(voc.ids(folder, "train")).containsExactly("good");
        assertProblem(folder, "Annotations/bad.xml", "no annotation");
    }

    @Test
    void aMissingImageIsReportedAndSkipped() {
        VocFolder folder = voc.xml("bad").split("train", "bad", "good").open();

        assertThat(voc.ids(folder, "train")).containsExactly("good");
        assertProblem(folder, "Annotations/bad.xml", "no image");
    }

    @Test
    void aTruncatedImageIsReportedAndSkipped() throws IOException {
        byte[] whole = Files.readAllBytes(voc.dir.resolve("JPEGImages/good.jpg"));
        VocFolder folder = voc.good("cut")
                .bytes("JPEGImages/cut.jpg", Arrays.copyOf(whole, whole.length - 40))
                .split("train", "cut", "good")
                .open();

        assertThat(voc.ids(folder, "train")).containsExactly("good");
        assertProblem(folder, "JPEGImages/cut.jpg", "damaged");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "504,337,504,337", // as in BCCD
                "20,20,10,30",
                "ten,1,20,20",
                "1,1,20,NaN",
                "1,1,20,",
                "61,1,80,20", // beyond the right border
                "-9,-9,0,0"
            })
    void aBadBoxIsReportedAndTheImageKept(String corners) {
        Object[] c = corners.split(",", -1);
        VocFolder folder = voc.jpeg("bad", 60, 40)
                .xml("bad", object("cell", c[0], c[1], c[2], c[3]), object("cell", 1, 1, 2, 2))
                .split("train", "bad")
                .open();

        assertThat(folder.split("train", 0).get(0).boxes())
                .containsExactly(new BoxAnnotation("cell", 0, 0, 2, 2, false));
        assertProblem(folder, "Annotations/bad.xml", "dropped");
    }

    @Test
    void aBoxOverTheBorderIsClipped() {
        VocFolder folder = voc.jpeg("over", 60, 40)
                .xml("over", object("cell", -5, 0, 100, 20.5))
                .split("train", "over")
                .open();

        assertThat(folder.split("train", 0).get(0).boxes())
                .containsExactly(new BoxAnnotation("cell", 0, 0, 60, 20.5f, false));
        assertThat(folder.problems()).isEmpty();
    }

    @Test
    void theFilesSizeBeatsTheAnnotations() {
        String size = "<size><width>640</width><height>480</height></size>";
        VocFolder folder = voc.jpeg("odd", 60, 40)
                .xml("odd", size, object("cell", 1, 1, 100, 100))
                .split("train", "odd")
                .open();
        VocImage image = folder.split("train", 0).get(0);

        assertThat(List.of(image.width(), image.height())).containsExactly(60, 40);
        assertThat(image.boxes()).containsExactly(new BoxAnnotation("cell", 0, 0, 60, 40, false));
        assertProblem(folder, "Annotations/odd.xml", "640×480");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "jpeg", "png", "JPG"})
    void anyExtensionWillDo(String extension) {
        byte[] bytes =
                TestImages.encode(extension.toLowerCase().startsWith("j") ? "jpeg" : "png", TestImages.picture(60, 40));
        VocFolder folder = voc.xml("x", object("cell", 1, 1, 9, 9))
                .bytes("JPEGImages/x." + extension, bytes)
                .split("train", "x")
                .open();

        assertThat(voc.ids(folder, "train")).containsExactly("x");
    }

    @Test
    void theFileNameInTheAnnotationIsUsedWhenTheIdFindsNothing() {
        VocFolder folder = voc.text(
                        "Annotations/other.xml",
                        "<annotation><filename>good.jpg</filename>" + object("cell", 1, 1, 9, 9) + "</annotation>")
                .split("train", "other")
                .open();

        assertThat(folder.split("train", 0).get(0).file()).hasFileName("good.jpg");
    }

    @Test
    void twoAnnotationsOfOneFileAreNotMixedUp() {
        VocFolder folder = voc.text(
                        "Annotations/copy.xml",
                        "<annotation><filename>C:\\data\\good.jpg</filename>" + object("cell", 1, 1, 9, 9)
                                + "</annotation>")
                .split("train", "good", "copy")
                .open();

        assertThat(voc.ids(folder, "train")).containsExactly("good");
        assertProblem(folder, "Annotations/copy.xml", "'good'");
    }

    @Test
    void eachProblemIsToldOnce() {
        VocFolder folder =
                voc.split("train", "bad", "good").split("all", "bad", "good").open();
        folder.split("train", 0);
        folder.split("all", 0);

        assertThat(folder.problems()).hasSize(1);
    }

    @Test
    void refusesWhatIsNoVocFolder() {
        assertRefused(temp.resolve("nowhere"), "no such folder");
        assertRefused(voc.dir.resolve("JPEGImages/good.jpg"), "not a folder");
        assertRefused(voc.dir.resolve("JPEGImages"), "JPEGImages, Annotations, ImageSets/Main");
        assertRefused(voc.dir, "no split 'train'");
        voc.split("train", "gone");
        assertRefused(voc.dir, "no annotated object");
    }

    @Test
    void refusesASplitWithoutUsableImages() {
        VocFolder folder =
                voc.split("train", "good").split("val", "gone").split("void").open();

        for (String split : List.of("val", "void", "nosuch")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> folder.split(split, 0))
                    .withMessageContaining("'" + split + "'")
                    .withMessageContaining(voc.dir.toString())
                    .withMessageNotContaining("\n");
        }
    }

    private static void assertRefused(Path dir, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VocFolder.open(dir))
                .withMessageContaining(why)
                .withMessageContaining(dir.toString())
                .withMessageNotContaining("\n");
    }

    private void assertProblem(VocFolder folder, String file, String reason) {
        assertThat(folder.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(voc.dir.resolve(file));
            assertThat(problem.reason()).contains(reason).doesNotContain("\n");
        });
    }
}
