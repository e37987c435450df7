package io.github.dl4jnorms.experiments.layernorm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    @Test
    void thingsTakeTurnsAndTheWarmUpIsNotKept() {
        List<String> order = new ArrayList<>();
        double[][] times = Stopwatch.time(1, 2, List.of(() -> order.add("a"), () -> order.add("b")));
        assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(times).hasDimensions(2, 2);
    }

    @Test
    void speedUpIsTakenPassByPass() {
        Times times = new Times(new double[] {2, 9, 8}, new double[] {1, 3, 2});
        assertThat(times.speedUp().median()).isEqualTo(3);
        assertThat(times.speedUp().q1()).isEqualTo(2.5);
        assertThat(times.quartiles(Norm.RMS_NORM).median()).isEqualTo(2);
        assertThat(times.of(Norm.LAYER_NORM)).containsExactly(2, 9, 8);
    }
}
