package io.github.dl4jnorms.layer;

import io.github.dl4jnorms.SDNorms;
import io.github.dl4jnorms.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceNormTest {

    @ParameterizedTest
    @ValueSource(strings = {"rnn", "cnn", "cnn3d"})
    void isPyTorchs(String kind) {
        Torch.check(
                "instance_norm_" + kind,
                (sd, in) -> SDNorms.instanceNorm(sd, in.get("x"), in.get("gamma"), in.get("beta"), 1e-5),
                "x",
                "gamma",
                "beta");
        SingleLayer.check("instance_norm_" + kind, () -> new InstanceNorm.Builder().build(), "gamma", "beta");
    }
}
