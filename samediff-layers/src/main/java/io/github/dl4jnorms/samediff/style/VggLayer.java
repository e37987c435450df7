package io.github.dl4jnorms.samediff.style;

import java.util.ArrayList;
import java.util.List;

/**
 * A convolution of VGG-19.
 *
 * @param block from 1
 * @param number in its block, from 1
 * @param index among torchvision's {@code features}, which count convolutions, ReLUs and poolings
 */
record VggLayer(int block, int number, int index) {

    private static final int[] BLOCKS = {2, 2, 4, 4, 4};
    private static final int[] MULTIPLES = {1, 2, 4, 8, 8};
    private static final List<VggLayer> ALL = list();

    private static List<VggLayer> list() {
        List<VggLayer> layers = new ArrayList<>();
        int index = 0;
        for (int block = 1; block <= BLOCKS.length; block++) {
            for (int number = 1; number <= BLOCKS[block - 1]; number++) {
                layers.add(new VggLayer(block, number, index));
                index += 2; // and its ReLU
            }
            index++; // the pooling
        }
        return List.copyOf(layers);
    }

    static List<VggLayer> all() {
        return ALL;
    }

    static VggLayer of(String name) {
        return ALL.stream()
                .filter(layer -> layer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layer: takes relu1_1 to relu5_4, received " + name));
    }

    /** The layers from the first to one of this name. */
    static List<VggLayer> upTo(String last) {
        return ALL.subList(0, ALL.indexOf(of(last)) + 1);
    }

    String name() {
        return "relu" + block + "_" + number;
    }

    boolean isAfterPooling() {
        return block > 1 && number == 1;
    }

    /** Pixels of the image from one of its own to the next. */
    int stride() {
        return 1 << (block - 1);
    }

    /** Output channels, if relu1_1 has {@code width}. */
    int channels(int width) {
        return MULTIPLES[block - 1] * width;
    }

    /** Input channels likewise. */
    int inputs(int width) {
        int position = ALL.indexOf(this);
        return position == 0 ? 3 : ALL.get(position - 1).channels(width);
    }
}
