package io.github.dl4jnorms.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.annotation.JsonProperty;

class ResultFolderTest {
    private record Settings(@JsonProperty("seed") long seed) {}

    private record Piece(@JsonProperty("values") double[] values) {}

    @TempDir
    Path folder;

    private ResultFolder open(long seed) throws IOException {
        return ResultFolder.open(folder, new Settings(seed), "pieces", "other");
    }

    @Test
    void piecesAreFoundAgainUnderTheSameSettings() throws IOException {
        open(1).save("b", new Piece(new double[] {1.0 / 3, Double.NaN}));
        open(1).save("a", new Piece(new double[] {2}));
        ResultFolder again = open(1);
        assertThat(again.movedAside()).isEmpty();
        assertThat(again.find("b", Piece.class).orElseThrow().values()).containsExactly(1.0 / 3, Double.NaN);
        assertThat(again.find("c", Piece.class)).isEmpty();
        assertThat(again.all(Piece.class))
                .extracting(piece -> piece.values().length)
                .containsExactly(1, 2);
    }

    @Test
    void whatCannotBeReadIsNotFinished() throws IOException {
        open(1).save("a", new Piece(new double[] {2}));
        Files.writeString(folder.resolve("pieces/a.json"), "{");
        assertThat(open(1).find("a", Piece.class)).isEmpty();
        assertThat(open(1).all(Piece.class)).isEmpty();
    }

    @Test
    void otherSettingsMoveEverythingAside() throws IOException {
        open(1).save("a", new Piece(new double[] {2}));
        Files.writeString(folder.resolve("other"), "kept");
        Files.writeString(folder.resolve("stranger"), "not ours");
        ResultFolder other = open(2);
        assertThat(other.movedAside()).contains(folder.resolve("previous-1"));
        assertThat(other.find("a", Piece.class)).isEmpty();
        assertThat(folder.resolve("previous-1/pieces/a.json")).exists();
        assertThat(folder.resolve("previous-1/other")).hasContent("kept");
        assertThat(folder.resolve("stranger")).exists();
        assertThat(open(1).movedAside()).contains(folder.resolve("previous-2"));
    }
}
