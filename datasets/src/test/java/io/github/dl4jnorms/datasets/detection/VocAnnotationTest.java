package io.github.dl4jnorms.datasets.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocAnnotationTest {

    @TempDir
    Path temp;

    private final List<String> problems = new ArrayList<>();

    @Test
    void readsAnyLayoutOfTags() throws IOException {
        VocAnnotation annotation = read("""
                <?xml version="1.0"?><!-- all on a few lines --><annotation><filename> a.jpg
                </filename><object><name>dog</name><difficult>1</difficult><bndbox><ymax>40.5</ymax><xmin>
                1 </xmin><ymin>2</ymin><xmax>30</xmax></bndbox></object>
                <size><width>100</width><height>80</height></size></annotation>""");

        assertThat(annotation)
                .isEqualTo(
                        new VocAnnotation("a.jpg", 100, 80, List.of(new BoxAnnotation("dog", 0, 1, 30, 40.5f, true))));
        assertThat(problems).isEmpty();
    }

    @Test
    void partsOfABodyAreNoObjects() throws IOException {
        String part = "<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox>"
                + "</part>";
        VocAnnotation annotation = read("<annotation><object>" + part + "<name>person</name>" + part
                + "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>");

        assertThat(annotation.objects()).containsExactly(new BoxAnnotation("person", 0, 0, 9, 9, false));
    }

    @Test
    void namesTheObjectItDrops() throws IOException {
        VocAnnotation annotation = read("<annotation><object><name>dog</name></object>"
                + "<object><bndbox/></object><size><width>?</width></size></annotation>");

        assertThat(annotation).isEqualTo(new VocAnnotation("", 0, 0, List.of()));
        assertThat(problems)
                .containsExactly("object 1 (dog) dropped: no <bndbox>", "object 2 (without a name) dropped: no <name>");
    }

    @Test
    void readsWhatItWrites() throws IOException {
        VocAnnotation annotation = new VocAnnotation(
                "ä & b.jpg",
                64,
                48,
                List.of(new BoxAnnotation("<x>", 0, 0, 64, 48, false), new BoxAnnotation("y", 3, 4, 5, 7, true)));
        Path file = temp.resolve("written.xml");
        annotation.write(file);

        assertThat(VocAnnotation.read(file, problems::add)).isEqualTo(annotation);
        assertThat(Files.readString(file)).contains("<xmin>4</xmin>").contains("<xmax>5</xmax>");
    }

    private VocAnnotation read(String xml) throws IOException {
        return VocAnnotation.read(Files.writeString(temp.resolve("a.xml"), xml), problems::add);
    }
}
