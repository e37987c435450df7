package io.github.dl4jnorms.datasets.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jnorms.datasets.detection.FcosTargets.Encoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FcosTargetsTest {

    private static final List<String> NAMES = List.of("a", "b");
    private static final Offset<Float> EXACT = within(1e-6f);
    private final FcosTargets targets = new FcosTargets(new int[] {8, 16}, 2, 1.5, 2);

    @Test
    void encodesOneLocationByHand() {
        // 32 × 24 pixels: 4 × 3 locations of stride 8; the box holds just the one at (12, 12)
        Encoded encoded = targets.encode(List.of(box("b", 6, 8, 18, 18)), NAMES, 24, 32);
        float[] labels = encoded.labels()[0];
        int at = 4 + 1;

        assertThat(labels).hasSize(7 * 12);
        assertThat(encoded.labels()[1]).hasSize(7 * 4).containsOnly(0);
        assertThat(labels[at]).isCloseTo(6 / 8f, EXACT);
        assertThat(labels[12 + at]).isCloseTo(4 / 8f, EXACT);
        assertThat(labels[24 + at]).isCloseTo(6 / 8f, EXACT);
        assertThat(labels[36 + at]).isCloseTo(6 / 8f, EXACT);
        assertThat(labels[48 + at]).isCloseTo((float) Math.sqrt(6 / 6.0 * 4 / 6.0), EXACT);
        assertThat(labels[60 + at]).isZero();
        assertThat(labels[72 + at]).isEqualTo(1);
        assertThat(IntStream.range(0, labels.length).filter(i -> labels[i] != 0))
                .hasSize(6);
        assertThat(encoded.positives()).isEqualTo(1);
        assertThat(encoded.weights()[0]).hasSize(12).containsOnly(1);
        assertThat(encoded.weights()[1]).hasSize(4).containsOnly(1);
    }

    @Test
    void aLevelTakesTheObjectsOfItsSize() {
        // max(l, t, r, b) on level 0 is at most 16; this box of 60 can only be level 1's
        Encoded encoded = targets.encode(List.of(box("a", 2, 2, 62, 62)), NAMES, 64, 64);

        assertThat(encoded.labels()[0]).containsOnly(0);
        // its centre (32, 32) has locations of stride 16 at 24 and 40, within 24 pixels; 8 and 56 are at 24 exactly
        assertThat(positives(encoded, 1)).containsExactly(5, 6, 9, 10);
        assertThat(encoded.weights()[0]).containsOnly(0.25f);
        assertThat(encoded.weights()[1]).containsOnly(0.25f);
    }

    @Test
    void onlyTheMiddleOfABoxIsSampled() {
        FcosTargets narrow = new FcosTargets(new int[] {8}, 8, 1.5, 2);
        FcosTargets whole = new FcosTargets(new int[] {8}, 8, Double.POSITIVE_INFINITY, 2);
        List<BoxAnnotation> boxes = List.of(box("a", 0, 0, 56, 56));

        assertThat(positives(narrow.encode(boxes, NAMES, 64, 64), 0)).hasSize(3 * 3);
        assertThat(positives(whole.encode(boxes, NAMES, 64, 64), 0)).hasSize(7 * 7);
    }

    @Test
    void theSmallerObjectHasAnAmbiguousLocation() {
        FcosTargets oneLevel = new FcosTargets(new int[] {8}, 8, 1.5, 2);
        BoxAnnotation large = box("a", 0, 0, 24, 24);
        BoxAnnotation small = box("b", 8, 8, 16, 16);
        for (List<BoxAnnotation> boxes : List.of(List.of(large, small), List.of(small, large))) {
            float[] labels = oneLevel.encode(boxes, NAMES, 24, 24).labels()[0];
            assertThat(labels[6 * 9 + 4]).isEqualTo(1);
            assertThat(labels[5 * 9 + 4]).isZero();
            assertThat(labels[5 * 9 + 1]).isEqualTo(1);
        }
    }

    @Test
    void aTinyObjectBetweenTheLocationsGetsTheNearest() {
        // x 13 to 15 holds neither 12 nor 20; (12, 12) is nearest and the box stretched to it is 12 to 15
        Encoded encoded = targets.encode(List.of(box("a", 13, 10, 15, 13)), NAMES, 24, 24);
        float[] labels = encoded.labels()[0];

        assertThat(positives(encoded, 0)).containsExactly(4);
        assertThat(new float[] {labels[4], labels[9 + 4], labels[18 + 4], labels[27 + 4], labels[36 + 4]})
                .containsExactly(new float[] {0, 2 / 8f, 3 / 8f, 1 / 8f, 1}, EXACT);
    }

    @Test
    void aDifficultObjectsLocationsWeighNothing() {
        BoxAnnotation difficult = new BoxAnnotation("a", 0, 0, 10, 10, true);
        Encoded encoded = targets.encode(List.of(difficult, box("b", 16, 16, 24, 24)), NAMES, 24, 24);

        assertThat(encoded.positives()).isEqualTo(1);
        assertThat(encoded.weights()[0]).containsExactly(0, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(positives(encoded, 0)).containsExactly(8);
    }

    @Test
    void noObjectsIsAllBackground() {
        Encoded encoded = targets.encode(List.of(box("a", 5, 5, 5, 9), box("a", 9, 9, 5, 5)), NAMES, 24, 24);

        assertThat(encoded.positives()).isZero();
        assertThat(encoded.labels()[0]).containsOnly(0);
        assertThat(encoded.weights()[0]).containsOnly(1);
    }

    /** Against the definition, location by location, with no thought for speed. */
    @Property(tries = 300, seed = "1")
    void agreesWithTheDefinition(@ForAll long seed) {
        Random random = new Random(seed);
        int[] strides = {4, 8, 16};
        double sizeFactor = 1 + 2 * random.nextDouble();
        double radius = 0.8 + 2 * random.nextDouble();
        int width = 20 + random.nextInt(60);
        int height = 20 + random.nextInt(60);
        List<BoxAnnotation> boxes = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            float x = random.nextFloat() * width;
            float y = random.nextFloat() * height;
            boxes.add(new BoxAnnotation(
                            NAMES.get(i % 2),
                            x,
                            y,
                            x + 6 + random.nextFloat() * 30,
                            y + 6 + random.nextFloat() * 30,
                            random.nextInt(4) == 0)
                    .clipped(width, height));
        }
        Set<BoxAnnotation> located = new HashSet<>();
        List<BoxAnnotation[]> owners = new ArrayList<>();
        for (int level = 0; level < strides.length; level++) {
            int s = strides[level];
            int columns = (int) Math.ceil(width / (double) s);
            int rows = (int) Math.ceil(height / (double) s);
            BoxAnnotation[] owner = new BoxAnnotation[rows * columns];
            for (int at = 0; at < owner.length; at++) {
                double px = (at % columns + 0.5) * s;
                double py = (at / columns + 0.5) * s;
                for (BoxAnnotation b : boxes) {
                    double[] d = {px - b.xMin(), py - b.yMin(), b.xMax() - px, b.yMax() - py};
                    double max = Math.max(Math.max(d[0], d[1]), Math.max(d[2], d[3]));
                    boolean inside = d[0] > 0 && d[1] > 0 && d[2] > 0 && d[3] > 0;
                    boolean central = Math.abs(px - (b.xMin() + b.xMax()) / 2.0) < radius * s
                            && Math.abs(py - (b.yMin() + b.yMax()) / 2.0) < radius * s;
                    boolean ofSize = max > (level == 0 ? 0 : sizeFactor * strides[level - 1])
                            && (level == 2 || max <= sizeFactor * s);
                    if (inside && central && ofSize) {
                        located.add(b);
                        owner[at] = owner[at] == null || b.area() < owner[at].area() ? b : owner[at];
                    }
                }
            }
            owners.add(owner);
        }
        // those that get the nearest location instead have a test of their own
        Assume.that(located.containsAll(boxes));

        Encoded encoded = new FcosTargets(strides, sizeFactor, radius, 2).encode(boxes, NAMES, height, width);
        long positives = owners.stream()
                .flatMap(Arrays::stream)
                .filter(b -> b != null && !b.difficult())
                .count();
        assertThat(encoded.positives()).isEqualTo((int) positives);
        for (int level = 0; level < strides.length; level++) {
            int s = strides[level];
            int columns = (int) Math.ceil(width / (double) s);
            BoxAnnotation[] owner = owners.get(level);
            float[] labels = encoded.labels()[level];
            for (int at = 0; at < owner.length; at++) {
                float[] expected = new float[7];
                if (owner[at] != null && !owner[at].difficult()) {
                    float px = (at % columns + 0.5f) * s;
                    float py = (at / columns + 0.5f) * s;
                    float l = (px - owner[at].xMin()) / s;
                    float t = (py - owner[at].yMin()) / s;
                    float r = (owner[at].xMax() - px) / s;
                    float b = (owner[at].yMax() - py) / s;
                    float centerness =
                            (float) Math.sqrt(Math.min(l, r) / Math.max(l, r) * Math.min(t, b) / Math.max(t, b));
                    expected = new float[] {l, t, r, b, centerness, 0, 0};
                    expected[5 + NAMES.indexOf(owner[at].name())] = 1;
                }
                float[] actual = new float[7];
                for (int channel = 0; channel < 7; channel++) {
                    actual[channel] = labels[channel * owner.length + at];
                }
                assertThat(actual).containsExactly(expected, within(1e-3f));
                assertThat(encoded.weights()[level][at])
                        .isEqualTo(owner[at] != null && owner[at].difficult() ? 0 : 1f / Math.max(1, positives));
            }
        }
    }

    /** Objects far enough apart for nobody to be in another's way all get a location, however small they are. */
    @Property(tries = 200, seed = "1")
    void everyLonelyObjectIsFound(@ForAll long seed) {
        Random random = new Random(seed);
        List<BoxAnnotation> boxes = new ArrayList<>();
        for (int cell = 0; cell < 4; cell++) {
            float w = 0.1f + random.nextFloat() * 40;
            float h = 0.1f + random.nextFloat() * 40;
            float x = 64 * (cell % 2) + random.nextFloat() * (64 - w);
            float y = 64 * (cell / 2) + random.nextFloat() * (64 - h);
            boxes.add(box("object " + cell, x, y, x + w, y + h));
        }
        List<String> names = boxes.stream().map(BoxAnnotation::name).toList();
        Encoded encoded = new FcosTargets(new int[] {8, 16, 32}, 1 + 3 * random.nextDouble(), 1.5, 4)
                .encode(boxes, names, 128, 128);

        for (int object = 0; object < 4; object++) {
            int channel = FcosTargets.BOX_CHANNELS + object;
            long locations = 0;
            for (float[] labels : encoded.labels()) {
                int plane = labels.length / 9;
                locations += IntStream.range(channel * plane, (channel + 1) * plane)
                        .filter(i -> labels[i] == 1)
                        .count();
            }
            assertThat(locations).as(names.get(object)).isPositive();
        }
        for (float[] labels : encoded.labels()) {
            for (float value : labels) {
                assertThat(value).isFinite().isNotNegative();
            }
        }
    }

    @Test
    void refusesArgumentsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FcosTargets(new int[] {8, 8}, 8, 1.5, 1))
                .withMessageContaining("strides")
                .withMessageContaining("[8, 8]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FcosTargets(new int[] {8}, 0, 1.5, 1))
                .withMessageContaining("sizeFactor");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FcosTargets(new int[] {8}, 8, Double.NaN, 1))
                .withMessageContaining("centerRadius");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FcosTargets(0))
                .withMessageContaining("classes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> targets.encode(List.of(box("c", 0, 0, 9, 9)), NAMES, 24, 24))
                .withMessageContaining("'c'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> targets.encode(List.of(), List.of("a"), 24, 24))
                .withMessageContaining("classNames");
    }

    private static BoxAnnotation box(String name, float x0, float y0, float x1, float y1) {
        return new BoxAnnotation(name, x0, y0, x1, y1, false);
    }

    private static List<Integer> positives(Encoded encoded, int level) {
        float[] labels = encoded.labels()[level];
        int plane = labels.length / 7;
        return IntStream.range(0, plane)
                .filter(at -> labels[5 * plane + at] + labels[6 * plane + at] > 0)
                .boxed()
                .toList();
    }
}
