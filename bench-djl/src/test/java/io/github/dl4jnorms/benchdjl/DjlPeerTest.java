package io.github.dl4jnorms.benchdjl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jnorms.experiments.bench.kernel.KernelServer;
import io.github.dl4jnorms.experiments.bench.kernel.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlPeerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "layer forward 4x64", "layer backward 4x64",
                "rms forward 4x64", "rms backward 4x64",
                "batch forward 2x32x3x3", "batch backward 2x32x3x3"
            })
    void isFoundAndRunsAgainAndAgain(String text) {
        Work work = Work.parse(text);
        String answer = KernelServer.answer("djl;" + work + ";1;2;1");
        assertThat(answer).matches((work.forward() ? "" : "both ") + "\\d+\\.\\d \\d+\\.\\d");
    }

    @Test
    void declinesWhatDjlLacks() {
        assertThat(KernelServer.answer("djl;group forward 2x32x3x3;1;1;1")).isEqualTo("not taken");
    }

    @Test
    void trainsResNet() {
        ResNetStep step = new ResNetStep(32, 2, 10, 42);
        assertThat(step.parameters()).isBetween(23_500_000L, 23_700_000L);
        double first = loss(step.run());
        assertThat(loss(step.run())).as("the weights have changed").isFinite().isNotEqualTo(first);
    }

    private static double loss(String answer) {
        assertThat(answer).matches("\\d+ \\S+");
        return Double.parseDouble(answer.split(" ")[1]);
    }
}
