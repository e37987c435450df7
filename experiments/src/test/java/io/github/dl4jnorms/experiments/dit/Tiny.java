package io.github.dl4jnorms.experiments.dit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** As little as there can be of everything. */
final class Tiny {
    private Tiny() {}

    static DitSettings settings(String data, long seed) {
        return new DitSettings(
                data,
                8,
                8,
                4,
                3,
                new DitSettings.Size(4, 8, 2, 2),
                3,
                8,
                new DitSettings.Size(4, 8, 2, 2),
                9,
                8,
                3,
                2,
                2,
                seed);
    }

    /** Two classes: dark and bright images of 8 pixels square. */
    static ImageSet images() {
        return new ImageSet(List.of("dark", "bright"), 8, part(14), part(4), List.of());
    }

    private static ImageSet.Part part(int count) {
        List<float[]> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] pixels = new float[3 * 8 * 8];
            Arrays.fill(pixels, (i % 2 == 0 ? -0.5f : 0.5f) + 0.02f * i);
            images.add(pixels);
            labels.add(i % 2);
        }
        return new ImageSet.Part(8, images, labels);
    }
}
