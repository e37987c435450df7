package io.github.dl4jnorms.experiments.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.report.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelClaimsTest {
    private static final String LAYER = "layer forward 8x2048x4096";
    private static final String RMS = "rms forward 8x2048x4096";
    private static final String[] GROUPS = {
        "group backward 8x64x56x56", "group backward 8x256x32x32", "group backward 32x512x8x8"
    };

    @Test
    void largeRowsAreJudgedByEveryPeerThatIsThere() {
        KernelTimes times = new Times(LAYER, RMS)
                .add("memcpy", LAYER, 20)
                .add("ours", LAYER, 28)
                .add("ours", RMS, 29)
                .add("torch", LAYER, 30)
                .add("djl", LAYER, 29)
                .add("nd4j", LAYER, 500)
                .times();
        List<Claim> claims = KernelClaims.judge(times);
        assertThat(claims)
                .extracting(Claim::text)
                .containsExactly(
                        "LayerNorm forward at 8x2048x4096 takes at most 1.5× the time of memcpy",
                        "LayerNorm forward at 8x2048x4096 takes at most 0.95× the time of libtorch",
                        "LayerNorm forward at 8x2048x4096 takes at most 0.06× the time of ND4J's layer_norm",
                        "RMSNorm forward at 8x2048x4096 takes at most 1.35× the time of memcpy",
                        "RMSNorm forward at 8x2048x4096 takes at most 1.0× the time of LayerNorm");
        assertThat(claims).extracting(Claim::holds).containsExactly(true, false, true, false, false);
        assertThat(claims.get(0).evidence()).isEqualTo("8x2048x4096: 28.0 ms against 20.0 ms of memcpy, 1.40×");
        assertThat(claims.get(1).evidence()).as("the faster of both").contains("29.0 ms of djl", "0.966×");
    }

    @Test
    void resNetsShapesMustAllHold() {
        Times times = new Times(GROUPS);
        for (String work : GROUPS) {
            times.add("ours", work, 1).add("torch", work, work.equals(GROUPS[2]) ? 0.9 : 2);
        }
        assertThat(KernelClaims.judge(times.times())).singleElement().satisfies(claim -> {
            assertThat(claim.text())
                    .isEqualTo("GroupNorm(32) backward at ResNet's shapes takes at most 1.0× the time of libtorch");
            assertThat(claim.holds()).isFalse();
            assertThat(claim.evidence()).contains("8x64x56x56", "0.500×", "32x512x8x8", "1.11×");
        });
        times.add("torch", GROUPS[2], 1);
        assertThat(KernelClaims.judge(times.times())).singleElement().matches(Claim::holds);
    }

    /** DL4J's backward pass is known as that of both passes less that of the forward one. */
    @Test
    void groupNormIsComparedWithDl4jsBatchNormalization() {
        KernelTimes times = new Times(GROUPS[0], "batch forward 8x64x56x56", "batch backward 8x64x56x56")
                .add("ours", GROUPS[0], 1)
                .add("dl4j-bn", "batch forward 8x64x56x56", 30)
                .add("dl4j-bn", "batch backward 8x64x56x56", true, 50)
                .times();
        assertThat(KernelClaims.judge(times)).singleElement().satisfies(claim -> {
            assertThat(claim.holds()).isTrue();
            assertThat(claim.evidence()).contains("1.00 ms against 20.0 ms of dl4j-bn, 0.0500×");
        });
    }

    @Test
    void smallAndScalar() {
        String small = "layer forward 32x768";
        KernelTimes times = new Times(small, "layer backward 32x768")
                .add("ours", small, 0.0201)
                .add("scalar", small, 0.05)
                .add("ours", "layer backward 32x768", 0.02)
                .add("scalar", "layer backward 32x768", 0.082)
                .times();
        List<Claim> claims = KernelClaims.judge(times);
        assertThat(claims)
                .extracting(Claim::text)
                .containsExactly(
                        "LayerNorm forward at 32x768 through Norms takes at most 20 µs",
                        "Plain loops take at most 4× the time of the Vector API's");
        assertThat(claims).extracting(Claim::holds).containsOnly(false);
        assertThat(claims.get(1).evidence()).isEqualTo("worst: layer backward 32x768, 4.10×");
    }

    /** Both passes of the layer beside both of its operations: neither is a difference. */
    @Test
    void aLayerIsComparedWithItsOperations() {
        String forward = "batch forward 8x64x56x56";
        String backward = "batch backward 8x64x56x56";
        Times times = new Times(forward, backward)
                .add("ours", forward, 1)
                .add("layer", forward, 1.25)
                .add("ours", backward, 1)
                .add("operations", backward, true, 3)
                .add("layer", backward, true, 3.75);
        assertThat(KernelClaims.judge(times.times())).singleElement().satisfies(claim -> {
            assertThat(claim.text())
                    .isEqualTo("At 8x64x56x56 a norm as a DL4J layer takes at most 1.3× the time of its operations");
            assertThat(claim.evidence()).isEqualTo("BatchNorm forward 1.25×, BatchNorm forward and backward 1.25×");
            assertThat(claim.holds()).isTrue();
        });
        times.add("layer", backward, true, 3.95);
        assertThat(KernelClaims.judge(times.times())).singleElement().matches(claim -> !claim.holds());
    }

    @Test
    void nothingMeasuredClaimsNothing() {
        assertThat(KernelClaims.judge(new Times(LAYER).times())).isEmpty();
    }
}
