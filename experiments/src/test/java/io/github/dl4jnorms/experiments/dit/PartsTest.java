package io.github.dl4jnorms.experiments.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartsTest {
    @Test
    void adaLnZeroIsTheIdentityAndAdaLnIsNot() {
        Identity identity = Identity.run(60, 3, () -> {});
        assertThat(identity.rows()).hasSize(Identity.KINDS);
        for (Identity.Row row : identity.rows()) {
            boolean zero = row.conditioning() == Conditioning.ADALN_ZERO;
            assertThat(row.pairs()).isEqualTo(60);
            assertThat(row.equal()).as(row.toString()).isEqualTo(zero ? 60 : 0);
            assertThat(row.difference() == 0).isEqualTo(zero);
        }
        assertThat(new IdentitySection(identity).claims()).allMatch(claim -> claim.holds());
    }

    @Test
    void gatesWakeUpFirst() {
        Waking waking = Waking.run(Tiny.images(), 4, 8, 3, () -> {});
        assertThat(waking.runs()).extracting(Waking.Run::optimizer).containsExactly("SGD", "Adam");
        for (Waking.Run run : waking.runs()) {
            for (int vector = 0; vector < 6; vector++) {
                boolean gate = vector == 2 || vector == 5;
                assertThat(run.vectorGradients()[0][vector] > 0).isEqualTo(gate);
                assertThat(run.vectorGradients()[1][vector]).isPositive();
                assertThat(run.wakes(vector)).isEqualTo(gate ? 1 : 2);
            }
            assertThat(run.branchGradients()[0]).containsOnly(0);
            assertThat(Arrays.stream(run.branchGradients()[1]).min().orElseThrow())
                    .isPositive();
            assertThat(run.losses()).hasSize(4).doesNotHaveDuplicates();
        }
        assertThat(new WakingSection(waking).claims().subList(0, 3)).allMatch(claim -> claim.holds());
    }

    @ParameterizedTest
    @EnumSource(Conditioning.class)
    void variantsTrain(Conditioning conditioning) {
        DitSettings settings = Tiny.settings(null, 3);
        int[] steps = {0};
        Variant.Result result = new Variant(conditioning, "ln").train(Tiny.images(), settings, () -> steps[0]++);
        assertThat(steps[0]).isEqualTo(settings.comparedSteps());
        assertThat(result.losses()).hasSize(3);
        assertThat(Arrays.stream(result.losses())).allMatch(loss -> loss > 0 && loss < 10);
        assertThat(result.finalLoss()).isEqualTo(result.losses()[2]);
        assertThat(result.testLoss()).isPositive().isEqualTo(result.batchTestLoss());
        assertThat(result.gradients()).hasSize(2);
        assertThat(Arrays.stream(result.gradients())).allMatch(length -> length > 0);
        assertThat(result.activations()).hasSize(3);
        boolean identity = result.activations()[0] == result.activations()[2];
        assertThat(identity).isEqualTo(conditioning == Conditioning.ADALN_ZERO);
    }

    /** In evaluation it takes what it has counted, in training what the batch has. */
    @Test
    void batchNormDiffersInTraining() {
        Variant.Result result =
                new Variant(Conditioning.ADALN_ZERO, "bn").train(Tiny.images(), Tiny.settings(null, 3), () -> {});
        assertThat(result.testLoss()).isNotCloseTo(result.batchTestLoss(), within(1e-9));
        assertThat(result.variant().key()).isEqualTo("adaln_zero-bn");
    }
}
