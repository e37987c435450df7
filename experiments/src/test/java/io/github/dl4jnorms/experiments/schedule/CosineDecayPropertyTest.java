package io.github.dl4jnorms.experiments.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CosineDecayPropertyTest {
    @Property
    void cosineNeverRises(@ForAll @IntRange(min = 1, max = 500) int steps, @ForAll @IntRange(max = 600) int iteration) {
        CosineDecay cosine = new CosineDecay(1, steps);
        assertThat(cosine.valueAt(iteration + 1, 0)).isBetween(0.0, cosine.valueAt(iteration, 0));
    }
}
