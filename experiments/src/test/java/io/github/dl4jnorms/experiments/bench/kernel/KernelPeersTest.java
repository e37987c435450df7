package io.github.dl4jnorms.experiments.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What is timed is the norm. */
class KernelPeersTest {
    private static INDArray result(KernelPeer peer, Work work) {
        INDArray out = Recycled.result(work);
        out.assign(Float.NaN);
        peer.prepare(work).run();
        return out.dup();
    }

    @Test
    void memcpyCopies() {
        for (String shape : List.of("3x5", "32x768", "129x1027")) { // less and more than its threads share
            Work work = Work.parse("layer forward " + shape);
            assertThat(result(new MemcpyPeer(), work)).isEqualTo(Recycled.array(Recycled.Role.X, work.shape()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer forward 6x48", "layer backward 6x48"})
    void oursIsNd4jsLayerNorm(String text) {
        Work work = Work.parse(text);
        assertThat(distance(result(new OurPeer(), work), result(new Nd4jPeer(), work)))
                .isLessThan(1e-4);
    }

    static Stream<String> channelWorks() {
        return Stream.of("group", "batch", "instance").map(norm -> norm + " forward 3x64x4x5");
    }

    /** γ and β are near 1 and 0: what a norm leaves has about their mean and deviation. */
    @ParameterizedTest
    @MethodSource("channelWorks")
    void oursNormalizes(String text) {
        INDArray y = result(new OurPeer(), Work.parse(text));
        assertThat(y.meanNumber().doubleValue()).isBetween(-0.1, 0.1);
        assertThat(y.stdNumber().doubleValue()).isBetween(0.8, 1.2);
    }

    /** A norm's gradient has no part along x's mean: the dx of each group, or row, sums to 0 where γ is taken off. */
    @ParameterizedTest
    @ValueSource(strings = {"batch backward 3x64x4x5", "instance backward 3x64x4x5"})
    void oursBackwardIsAGradient(String text) {
        Work work = Work.parse(text);
        INDArray dx = result(new OurPeer(), work);
        int[] group = work.norm() == Norm.BATCH ? new int[] {0, 2, 3} : new int[] {2, 3};
        assertThat(Transforms.abs(dx.sum(group)).maxNumber().doubleValue()).isLessThan(1e-3);
        assertThat(dx.stdNumber().doubleValue()).isGreaterThan(0.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "composed;rms forward 4x64", "composed;rms backward 4x64",
                "composed;group forward 2x32x3x3", "composed;group backward 2x32x3x3",
                "dl4j-bn;batch forward 2x32x3x3", "dl4j-bn;batch backward 2x32x3x3",
                "layer;group forward 2x32x3x3", "layer;group backward 2x32x3x3",
                "operations;batch backward 2x32x3x3"
            })
    void theOthersRunAgainAndAgain(String text) {
        String[] fields = text.split(";");
        KernelPeer peer = KernelPeers.named(fields[0]);
        Work work = Work.parse(fields[1]);
        assertThat(peer.takes(work)).isTrue();
        Runnable kernel = peer.prepare(work);
        for (int i = 0; i < 3; i++) {
            kernel.run();
        }
    }

    @Test
    void answersOfAProcess() {
        assertThat(KernelServer.answer("ours;layer forward 4x64;1;2;1")).matches("\\d+\\.\\d \\d+\\.\\d");
        assertThat(KernelServer.answer("composed;group backward 2x32x3x3;0;1;1"))
                .matches("both \\d+\\.\\d");
        assertThat(KernelServer.answer("nd4j;rms forward 4x64;1;2;1")).isEqualTo("not taken");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelServer.answer("foo;rms forward 4x64;1;2;1"))
                .withMessageContaining("peer: takes one of memcpy, ours, operations, layer, nd4j, composed, dl4j-bn");
    }

    private static double distance(INDArray a, INDArray b) {
        return Transforms.abs(a.sub(b)).maxNumber().doubleValue();
    }
}
