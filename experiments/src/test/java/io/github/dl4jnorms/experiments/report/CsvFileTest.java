package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
    @TempDir
    Path folder;

    @Test
    void cellsAreQuotedWhereTheyMustBe() throws IOException {
        Path csv = folder.resolve("below/table.csv");
        CsvFile.write(csv, List.of("norm", "value"), List.of(List.of("a, b", 1.5), List.of("say \"c\"", 2)));
        assertThat(csv).hasContent("norm,value\n\"a, b\",1.5\n\"say \"\"c\"\"\",2\n");
    }

    @Test
    void rowsThatDoNotFitTheHeaderAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvFile.write(folder.resolve("t.csv"), List.of("a", "b"), List.of(List.of(1, 2, 3))))
                .withMessageContaining("2 cells");
        assertThat(folder).isEmptyDirectory();
    }
}
