package io.github.dl4jnorms.experiments.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class SchedulesTest {
    @Test
    void warmUpRisesLinearlyAndThenLeavesTheScheduleAlone() {
        ISchedule schedule = new LinearWarmup(4, new FixedSchedule(0.8));
        double[] expected = {0.2, 0.4, 0.6, 0.8, 0.8, 0.8};
        for (int i = 0; i < expected.length; i++) {
            assertThat(schedule.valueAt(i, 0)).isCloseTo(expected[i], within(1e-12));
        }
    }

    @Test
    void cosineFallsFromThePeakOverTheHalfToZero() {
        CosineDecay cosine = new CosineDecay(0.4, 10);
        assertThat(cosine.valueAt(0, 0)).isEqualTo(0.4);
        assertThat(cosine.valueAt(5, 0)).isCloseTo(0.2, within(1e-12));
        assertThat(cosine.valueAt(10, 0)).isZero();
        assertThat(cosine.valueAt(1000, 0)).isZero();
    }

    @Test
    void bothSurviveTheJsonOfAConfiguration() {
        ISchedule schedule = new LinearWarmup(3, new CosineDecay(0.01, 30));
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .updater(new Nesterovs(schedule, 0.9))
                .list(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(read).isEqualTo(configuration);
        OutputLayer layer = (OutputLayer) read.getConf(0).getLayer();
        assertThat(((Nesterovs) layer.getIUpdater()).getLearningRateSchedule()).isEqualTo(schedule);
        assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        assertThat(schedule.clone()).isEqualTo(schedule);
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearWarmup(0, new FixedSchedule(1)))
                .withMessageContaining("steps")
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LinearWarmup(1, null))
                .withMessageContaining("then");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CosineDecay(Double.NaN, 1))
                .withMessageContaining("peak");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CosineDecay(1, -1))
                .withMessageContaining("steps");
    }

    /** Why there is a schedule of our own: when this fails, ND4J's decay has become one. */
    @Test
    void polyScheduleOfM21Rises() {
        PolySchedule poly = new PolySchedule(ScheduleType.ITERATION, 1, 1, 10);
        assertThat(poly.valueAt(5, 0)).isGreaterThan(poly.valueAt(0, 0));
    }
}
