package io.github.dl4jnorms.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.InstanceNorm;
import io.github.dl4jnorms.layer.LayerNorm;
import io.github.dl4jnorms.layer.RMSNorm;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;

class NormSpecTest {

    @ParameterizedTest
    @CsvSource({
        "bn, bn",
        "BN, bn",
        "bn@0.9, bn",
        "bn@.99, bn@0.99",
        "bn@1, bn@1",
        "bn@0, bn@0",
        "frozen_bn, frozen_bn",
        "gn, gn32",
        "gn32, gn32",
        "GN8, gn8",
        "' gn1 ', gn1",
        "ln, ln",
        "rms, rms",
        "IN, in",
        "none, none",
        "None, none"
    })
    void namesAreReadAndPrinted(String name, String printed) {
        NormSpec spec = NormSpec.parse(name);
        assertThat(spec).hasToString(printed);
        assertThat(NormSpec.parse(spec.toString())).isEqualTo(spec).hasSameHashCodeAs(spec);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "xn", "bn2", "gn0", "gn-1", "gn08", "gn 8", "gn1234567", "bn@", "bn@2", "ln8", "layernorm"})
    void anythingElseIsRefused(String name) {
        assertThatThrownBy(() -> NormSpec.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "norm: takes bn[@DECAY], frozen_bn, gn[GROUPS], ln, rms, in, none, received \"" + name + "\"");
    }

    @Test
    void makesTheLayer() {
        assertThat(NormSpec.parse("bn").layer(Activation.RELU))
                .contains(new BatchNorm.Builder().activation(Activation.RELU).build());
        assertThat(NormSpec.parse("gn8").layer(Activation.IDENTITY))
                .contains(new GroupNorm.Builder().groups(8).build());
        assertThat(NormSpec.parse("bn@0.99").layer(Activation.IDENTITY, 0))
                .contains(new BatchNorm.Builder().decay(0.99).gammaInit(0).build());
        assertThat(NormSpec.parse("frozen_bn").layer(Activation.IDENTITY))
                .contains(new BatchNorm.Builder().frozen(true).build());
        assertThat(NormSpec.parse("ln").layer(Activation.IDENTITY)).contains(new LayerNorm.Builder().build());
        assertThat(NormSpec.parse("rms").layer(Activation.IDENTITY)).contains(new RMSNorm.Builder().build());
        assertThat(NormSpec.parse("in").layer(Activation.IDENTITY)).contains(new InstanceNorm.Builder().build());
        assertThat(NormSpec.NONE.layer(Activation.IDENTITY)).isEmpty();
        assertThat(NormSpec.NONE.layer(Activation.RELU)).containsInstanceOf(ActivationLayer.class);
    }

    @Test
    void saysWhatItIs() {
        assertThat(NormSpec.parse("bn").usesBatchStatistics()).isTrue();
        assertThat(NormSpec.parse("gn").usesBatchStatistics()).isFalse();
        assertThat(NormSpec.parse("frozen_bn").usesBatchStatistics()).isFalse();
        assertThat(NormSpec.parse("bn").withDecay(0.5)).isEqualTo(NormSpec.parse("bn@0.5"));
        assertThat(NormSpec.parse("gn").withDecay(0.5)).isEqualTo(NormSpec.parse("gn"));
        assertThat(NormSpec.parse("none").isNone()).isTrue();
        assertThat(NormSpec.parse("bn").isNone()).isFalse();
        assertThat(NormSpec.parse("gn4")).isNotEqualTo(NormSpec.parse("gn8")).isNotEqualTo(NormSpec.parse("bn"));
    }
}
