package io.github.dl4jnorms.samediff.detection;

import static io.github.dl4jnorms.samediff.detection.NonMaxSuppressionTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NonMaxSuppressionPropertyTest {

    /** What defines the result: the kept ones do not overlap, each dropped one overlaps a better kept one. */
    @Property(seed = "1", tries = 300)
    void definition(@ForAll("detections") List<Detection> detections) {
        double threshold = 0.4;
        List<Detection> kept = NonMaxSuppression.apply(detections, threshold);
        assertThat(kept).isSortedAccordingTo(NonMaxSuppression.BEST_FIRST).isSubsetOf(detections);
        for (int i = 0; i < kept.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(overlap(kept.get(i), kept.get(j), threshold)).isFalse();
            }
        }
        for (Detection detection : detections) {
            assertThat(kept.contains(detection)
                            || kept.stream()
                                    .anyMatch(better -> better.score() >= detection.score()
                                            && overlap(better, detection, threshold)))
                    .isTrue();
        }
        for (int limit = 0; limit <= kept.size() + 1; limit++) {
            assertThat(NonMaxSuppression.apply(detections, threshold, limit))
                    .isEqualTo(kept.subList(0, Math.min(limit, kept.size())));
        }
    }

    private static boolean overlap(Detection a, Detection b, double threshold) {
        return a.classIndex() == b.classIndex() && a.box().iou(b.box()) > threshold;
    }

    @Provide
    Arbitrary<List<Detection>> detections() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 8))
                .as((x, classIndex, eighths) -> at(x, classIndex, eighths / 8f))
                .list()
                .ofMaxSize(15);
    }
}
