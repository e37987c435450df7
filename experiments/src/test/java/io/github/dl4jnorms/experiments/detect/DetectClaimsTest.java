package io.github.dl4jnorms.experiments.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.report.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectClaimsTest {
    private static List<Boolean> holds(RunResult... runs) {
        return DetectClaims.judge(List.of(runs)).stream().map(Claim::holds).toList();
    }

    @Test
    void fallingLossesAndTheGroupNormPaper() {
        assertThat(holds(
                        Samples.run("bn", 2, 5, 4),
                        Samples.run("bn", 16, 5, 2),
                        Samples.run("gn", 2, 5, 2.5),
                        Samples.run("gn", 16, 5, 2)))
                .containsExactly(true, true, true, true);
    }

    @Test
    void whatDoesNotHoldIsSaidWithItsNumbers() {
        List<Claim> claims = DetectClaims.judge(List.of(
                Samples.run("bn", 2, 5, 2),
                Samples.run("bn", 16, 5, 2),
                Samples.run("gn", 2, 2, 3),
                Samples.run("gn", 16, 5, 2)));
        assertThat(claims).extracting(Claim::holds).containsExactly(false, false, false, false);
        assertThat(claims.get(0).evidence()).isEqualTo("3 of 4 runs; not gn at batch size 2");
        assertThat(claims.get(2).evidence()).isEqualTo("gn 3.0000, bn 2.0000");
        assertThat(claims.get(3).evidence()).contains("gn 1.5000, bn 1.0000");
    }

    @Test
    void aDivergedRunIsWorseThanAnyOther() {
        assertThat(holds(Samples.diverged("bn", 1), Samples.run("gn", 1, 5, 4))).containsExactly(false, false, true);
        assertThat(holds(Samples.run("bn", 1, 5, 4), Samples.diverged("gn", 1))).containsExactly(false, false, false);
    }

    @Test
    void nothingIsClaimedOfANormThatDidNotRun() {
        assertThat(holds(Samples.run("bn", 1, 5, 4))).containsExactly(true, true);
        assertThat(holds(Samples.run("bn", 1, 5, 4), Samples.run("gn", 2, 5, 4)))
                .containsExactly(true, true);
    }
}
