package io.github.dl4jnorms.experiments.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {
    @TempDir
    Path out;

    @Test
    void answersAreToldFromNoise() {
        try (PeerProcess peer = JavaProcess.start(FakePeer.class, List.of("-Dfake=1"), out.resolve("logs/fake.log"))) {
            assertThat(peer.greeting()).isEqualTo("fake 1");
            assertThat(peer.ask("fake;group forward 1x32;1;1;1")).isEqualTo("1000000.0 1000000.0");
            assertThatExceptionOfType(PeerException.class)
                    .isThrownBy(() -> peer.ask("fake;rms forward 1x32;1;1;1"))
                    .withMessage("no rms");
            assertThat(peer.ask("fake;group forward 1x32;1;1;1"))
                    .as("it lives on")
                    .startsWith("3");
            assertThatExceptionOfType(PeerException.class)
                    .isThrownBy(() -> peer.ask("end"))
                    .withMessageContaining("ended with exit code 3, see")
                    .withMessageContaining("fake.log");
        }
    }

    @Test
    void processThatDoesNotStartIsNoPeer() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", null);
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() ->
                        PeerProcess.start(List.of(out.resolve("nothing").toString()), environment, out.resolve("log")));
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> JavaProcess.start(String.class, List.of(), out.resolve("log")))
                .withMessageContaining("ended with exit code 1");
    }

    @Test
    void djlThatWasNotBuiltSaysHow() {
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> Djl.start(Optional.empty(), 1, out.resolve("log")))
                .withMessage("not built, see -Pdjl in README.md");
    }
}
