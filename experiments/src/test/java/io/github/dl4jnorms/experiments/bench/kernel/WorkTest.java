package io.github.dl4jnorms.experiments.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jnorms.experiments.bench.kernel.Work.Direction;
import io.github.dl4jnorms.experiments.bench.kernel.Work.Shape;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void textIsReadAsItIsWritten() {
        List<Work> all = Works.of(EnumSet.allOf(Norm.class), false);
        assertThat(all)
                .allSatisfy(work -> assertThat(Work.parse(work.toString())).isEqualTo(work));
        assertThat(new Work(Norm.GROUP, Direction.BACKWARD, new Shape(8, 64, 56, 56)))
                .hasToString("group backward 8x64x56x56");
    }

    @Test
    void wrongTextIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Work.parse("layer forward"))
                .withMessageContaining("received layer forward");
        assertThatIllegalArgumentException().isThrownBy(() -> Work.parse("foo forward 1x2"));
        assertThatIllegalArgumentException().isThrownBy(() -> Turn.parse("ours;layer forward 32x768;20;3"));
    }

    @Test
    void bytesThatMustBeMoved() {
        long x = 32 * 768 * 4;
        assertThat(Work.parse("layer forward 32x768").moved()).isEqualTo(2 * x);
        assertThat(Work.parse("layer backward 32x768").moved()).isEqualTo(3 * x);
    }

    @Test
    void parametersAreAsLongAsTheRowOrAsManyAsChannels() {
        assertThat(Work.parse("rms forward 8x2048x4096").channels()).isEqualTo(4096);
        assertThat(Work.parse("batch forward 8x64x56x56").channels()).isEqualTo(64);
    }

    @Test
    void sizesReachFromTheCacheToAQuarterOfAGibibyte() {
        List<Work> all = Works.of(EnumSet.allOf(Norm.class), false);
        for (Norm norm : Norm.values()) {
            List<Long> bytes = all.stream()
                    .filter(work -> work.norm() == norm)
                    .map(work -> work.shape().bytes())
                    .toList();
            assertThat(bytes.stream().mapToLong(b -> b).min().orElseThrow()).isLessThan(100_000);
            assertThat(bytes.stream().mapToLong(b -> b).max().orElseThrow()).isEqualTo(256L << 20);
        }
        assertThat(all).doesNotHaveDuplicates();
        assertThat(Works.of(EnumSet.of(Norm.BATCH), true))
                .extracting(Work::toString)
                .containsExactly("batch forward 8x64x56x56", "batch backward 8x64x56x56");
    }
}
