package io.github.dl4jnorms.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final MainRunner norms = new MainRunner();

    private int norms(String... args) {
        return norms.run(args);
    }

    private String error() {
        return norms.err();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    detect --batch-sizes 0         | --batch-sizes: takes whole numbers from 1 up, got 0
                    detect --batch-sizes 2,-4      | --batch-sizes: takes whole numbers from 1 up, got -4
                    detect --batch-sizes 2,x       | 'x' is not an int
                    detect --batch-sizes=          | '' is not an int
                    detect --norms bn,foo          | "foo"
                    detect --norms=                | ""
                    detect --epochs -1             | --epochs: takes whole numbers from 1 up, got -1
                    detect --epochs 0              | --epochs: takes whole numbers from 1 up, got 0
                    detect --image-size 100        | --image-size: takes a multiple of 32 from 64 up, got 100
                    detect --image-size 32         | --image-size: takes a multiple of 32 from 64 up, got 32
                    detect --limit 0               | --limit: takes whole numbers from 1 up, got 0
                    detect --learning-rate 0       | --learning-rate: takes a positive number, got 0.0
                    detect --learning-rate NaN     | --learning-rate: takes a positive number, got NaN
                    detect --seed x                | 'x' is not a long
                    detect --data no/such/folder   | --data: no such folder: no/such/folder
                    detect --data pom.xml          | --data: not a folder: pom.xml
                    detect --out pom.xml           | --out takes a folder, got the file pom.xml
                    detect --bogus                 | Unknown option: '--bogus'
                    detect extra                   | Unmatched argument at index 1: 'extra'
                    foo                            | Unmatched argument at index 0: 'foo'
                    """)
    void wrongUseIsOneLineAndExitCodeTwo(String args, String message) {
        assertThat(norms(args.split(" "))).isEqualTo(2);
        assertThat(error())
                .startsWith("norms: ")
                .contains(message)
                .contains("--help")
                .hasLineCount(1);
        assertThat(norms.out()).isEmpty();
    }

    @Test
    void noVerbIsWrongUseAndNamesTheVerbs() {
        assertThat(norms()).isEqualTo(2);
        assertThat(error())
                .isEqualTo(
                        "norms: no verb given; takes one of batchnorm, layernorm, weightnorm, detect, adain, dit, bench, gradcheck (see ./norms --help)");
    }

    @Test
    void emptyFolderIsWrongUse(@TempDir Path folder) {
        assertThat(norms("detect", "--data", folder.toString())).isEqualTo(2);
        assertThat(error())
                .startsWith("norms: --data: ")
                .contains(folder.toString())
                .hasLineCount(1);
    }

    @Test
    void outputThatCannotBeWrittenFailsInOneLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(norms("detect", "--quick", "--out", file.resolve("below").toString()))
                .isEqualTo(1);
        assertThat(error()).startsWith("norms: ").hasLineCount(1);
    }

    @Test
    void helpAndVersionAreNoErrors() {
        assertThat(norms("--help")).isZero();
        assertThat(norms.out()).contains("detect");
        assertThat(norms("detect", "--help")).isZero();
        assertThat(norms.out())
                .contains("--quick", "--out", "--seed", "--norms", "--batch-sizes", "1,2,4,8,16,64", "default: 42")
                .doesNotContain("${");
        assertThat(norms("--version")).isZero();
        assertThat(norms.out()).startsWith("norms " + Versions.ours()).doesNotContain("${");
        assertThat(error()).isEmpty();
    }

    @Test
    void failuresOfOurOwnSpeakForThemselvesAndOthersAreNamed() {
        assertThat(Main.describe(new ExperimentException("2 of 3 runs failed"))).isEqualTo("2 of 3 runs failed");
        assertThat(Main.describe(new IllegalStateException("two\n lines")))
                .isEqualTo("IllegalStateException: two; lines");
        assertThat(Main.describe(new NullPointerException())).isEqualTo("NullPointerException");
        assertThat(Main.describe(new UncheckedIOException(new IOException("disk full"))))
                .isEqualTo("IOException: disk full");
    }

    @Test
    void stackTraceIsShownOnlyWhenAskedFor() {
        norms("foo");
        assertThat(error()).doesNotContain("\tat ");
        System.setProperty("norms.debug", "true");
        try {
            norms("foo");
        } finally {
            System.clearProperty("norms.debug");
        }
        assertThat(error()).contains("\tat ");
    }
}
