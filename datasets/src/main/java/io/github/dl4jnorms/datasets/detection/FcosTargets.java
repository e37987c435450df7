package io.github.dl4jnorms.datasets.detection;

import java.util.Arrays;
import java.util.List;

/**
 * Encodes the objects of an image as the per-level targets of FCOS, the anchor-free detector of Tian et al., <i>FCOS:
 * Fully Convolutional One-Stage Object Detection</i>, ICCV 2019 (arXiv 1904.01355), with the centre sampling of its
 * journal version (arXiv 2006.09214).
 *
 * <p>The level with stride {@code s} has {@code ceil(height / s) × ceil(width / s)} locations, number (x, y) at the
 * pixel {@code ((x + ½)s, (y + ½)s)}. With l, t, r, b its distances to the left, upper, right and lower edge of a box,
 * it belongs to that object if
 *
 * <ul>
 *   <li>it lies inside the box: {@code min(l, t, r, b) > 0};
 *   <li>it lies near the box's centre: both offsets from it are less than {@code centerRadius · s};
 *   <li>the object is of this level's size: {@code max(l, t, r, b)} is in {@code (sizeFactor · s', sizeFactor · s]},
 *       where s' is the next finer level's stride; the first level begins at 0 and the last has no end.
 * </ul>
 *
 * Of several objects the one with the smallest area has the location. An object that so gets no location on any level (a
 * box that slips between the grid's points) lays claim to the one nearest to its centre, on the level of its half longer
 * side; when that point is outside, the target box is stretched to it and its centerness is 1, it being the best location
 * there is.
 *
 * <p>Labels of a level, {@code [5 + K, H, W]}: channels 0 to 3 are l, t, r, b in units of the stride, 4 is the
 * centerness {@code √(min(l,r)/max(l,r) · min(t,b)/max(t,b))}, the other K the one-hot class. Background is all zeros.
 *
 * <p>Weights of a level, {@code [1, H, W]}: {@code 1 / max(1, positive locations of the image over all levels)}, so that
 * each image weighs the same; 0 at the locations of a difficult object, which are background in the labels.
 */
public final class FcosTargets {

    /** The channels in front of the classes: l, t, r, b and centerness. */
    public static final int BOX_CHANNELS = 5;

    /** The paper's 8, which makes its size ranges 64, 128, 256, 512 of the strides. */
    public static final double DEFAULT_SIZE_FACTOR = 8;

    /** The paper's 1.5. */
    public static final double DEFAULT_CENTER_RADIUS = 1.5;

    private final int[] strides;
    private final double sizeFactor;
    private final double centerRadius;
    private final int classes;

    /**
     * The targets of one image: per level the flat {@code [5 + K, H, W]} labels and {@code [1, H, W]} weights.
     *
     * @param labels one array per level
     * @param weights one array per level
     * @param positives the number of locations, over all levels, that hold an object
     */
    public record Encoded(float[][] labels, float[][] weights, int positives) {}

    /** The paper's settings: strides 8 to 128, size factor 8, centre radius 1.5. */
    public FcosTargets(int classes) {
        this(defaultStrides(), DEFAULT_SIZE_FACTOR, DEFAULT_CENTER_RADIUS, classes);
    }

    /**
     * @param strides pixels per location, level by level, strictly increasing
     * @param sizeFactor the greatest {@code max(l, t, r, b)} of a level in units of its stride, positive
     * @param centerRadius how far from an object's centre its locations lie, in units of the stride, positive
     * @param classes the number K of classes, positive
     * @throws IllegalArgumentException if an argument is outside its range
     */
    public FcosTargets(int[] strides, double sizeFactor, double centerRadius, int classes) {
        boolean increasing = strides.length > 0 && strides[0] > 0;
        for (int i = 1; i < strides.length; i++) {
            increasing &= strides[i] > strides[i - 1];
        }
        if (!increasing) {
            throw new IllegalArgumentException(
                    "strides must be positive and strictly increasing, got " + Arrays.toString(strides));
        }
        if (!(sizeFactor > 0)) {
            throw new IllegalArgumentException("sizeFactor must be positive, got " + sizeFactor);
        }
        if (!(centerRadius > 0)) {
            throw new IllegalArgumentException("centerRadius must be positive, got " + centerRadius);
        }
        if (classes < 1) {
            throw new IllegalArgumentException("classes must be at least 1, got " + classes);
        }
        this.strides = strides.clone();
        this.sizeFactor = sizeFactor;
        this.centerRadius = centerRadius;
        this.classes = classes;
    }

    /** 8, 16, 32, 64, 128: the levels P3 to P7 of a feature pyramid. */
    public static int[] defaultStrides() {
        return new int[] {8, 16, 32, 64, 128};
    }

    /** Pixels per location, level by level. */
    public int[] strides() {
        return strides.clone();
    }

    /** The number of levels. */
    public int levels() {
        return strides.length;
    }

    /** The number K of classes. */
    public int classes() {
        return classes;
    }

    /** The number of locations of a level along a side of so many pixels: {@code ceil(pixels / stride)}. */
    public int gridSize(int level, int pixels) {
        return (pixels + strides[level] - 1) / strides[level];
    }

    /**
     * Encodes one image.
     *
     * @param boxes its objects in pixels of the network's input; degenerate ones are left out
     * @param classNames the classes in the order of their channels
     * @param height the network's input height in pixels
     * @param width the network's input width in pixels
     * @throws IllegalArgumentException if there are not K class names, or a box has none of them
     */
    public Encoded encode(List<BoxAnnotation> boxes, List<String> classNames, int height, int width) {
        if (classNames.size() != classes) {
            throw new IllegalArgumentException("classNames must be " + classes + " names, got " + classNames);
        }
        Claims claims = new Claims(boxes, height, width);
        for (int i = 0; i < boxes.size(); i++) {
            if (boxes.get(i).area() > 0 && !claims.claimByRule(i)) {
                claims.claimNearest(i);
            }
        }
        return claims.encode(classNames);
    }

    private double greatestSize(int level) {
        return level == strides.length - 1 ? Double.POSITIVE_INFINITY : sizeFactor * strides[level];
    }

    private double smallestSize(int level) {
        return level == 0 ? 0 : sizeFactor * strides[level - 1];
    }

    /** Who owns which location. */
    private final class Claims {
        private static final int NOBODY = -1;

        private final List<BoxAnnotation> boxes;
        private final int[] rows = new int[strides.length];
        private final int[] columns = new int[strides.length];
        private final int[][] owner = new int[strides.length][];

        Claims(List<BoxAnnotation> boxes, int height, int width) {
            this.boxes = boxes;
            for (int level = 0; level < strides.length; level++) {
                rows[level] = gridSize(level, height);
                columns[level] = gridSize(level, width);
                owner[level] = new int[rows[level] * columns[level]];
                Arrays.fill(owner[level], NOBODY);
            }
        }

        /** Returns whether the rule gives the object any location, even one that a smaller object has. */
        boolean claimByRule(int i) {
            BoxAnnotation box = boxes.get(i);
            boolean any = false;
            for (int level = 0; level < strides.length; level++) {
                int stride = strides[level];
                double reach = centerRadius * stride;
                double centerX = (box.xMin() + box.xMax()) / 2.0;
                double centerY = (box.yMin() + box.yMax()) / 2.0;
                int firstX = cell(Math.max(box.xMin(), centerX - reach), stride, columns[level]);
                int lastX = cell(Math.min(box.xMax(), centerX + reach), stride, columns[level]);
                int firstY = cell(Math.max(box.yMin(), centerY - reach), stride, rows[level]);
                int lastY = cell(Math.min(box.yMax(), centerY + reach), stride, rows[level]);
                for (int y = firstY; y <= lastY; y++) {
                    for (int x = firstX; x <= lastX; x++) {
                        Distances d = new Distances(box, stride, x, y);
                        if (d.min() > 0
                                && Math.abs((x + 0.5) * stride - centerX) < reach
                                && Math.abs((y + 0.5) * stride - centerY) < reach
                                && d.max() > smallestSize(level)
                                && d.max() <= greatestSize(level)) {
                            claim(i, level, y * columns[level] + x);
                            any = true;
                        }
                    }
                }
            }
            return any;
        }

        void claimNearest(int i) {
            BoxAnnotation box = boxes.get(i);
            int level = 0;
            while (Math.max(box.width(), box.height()) / 2 > greatestSize(level)) {
                level++;
            }
            int x = cell((box.xMin() + box.xMax()) / 2.0, strides[level], columns[level]);
            int y = cell((box.yMin() + box.yMax()) / 2.0, strides[level], rows[level]);
            claim(i, level, y * columns[level] + x);
        }

        private void claim(int i, int level, int location) {
            int rival = owner[level][location];
            if (rival == NOBODY || boxes.get(i).area() < boxes.get(rival).area()) {
                owner[level][location] = i;
            }
        }

        /** The cell that holds a pixel coordinate, and so the location nearest to it. */
        private static int cell(double pixel, int stride, int cells) {
            return (int) Math.min(cells - 1, Math.max(0, Math.floor(pixel / stride)));
        }

        Encoded encode(List<String> classNames) {
            int[] classOf = new int[boxes.size()];
            for (int i = 0; i < classOf.length; i++) {
                classOf[i] = classNames.indexOf(boxes.get(i).name());
                if (classOf[i] < 0) {
                    throw new IllegalArgumentException("a box's name must be one of " + classNames + ", got '"
                            + boxes.get(i).name() + "'");
                }
            }
            float[][] labels = new float[strides.length][];
            float[][] weights = new float[strides.length][];
            int positives = 0;
            for (int level = 0; level < strides.length; level++) {
                int locations = owner[level].length;
                labels[level] = new float[(BOX_CHANNELS + classes) * locations];
                weights[level] = new float[locations];
                for (int location = 0; location < locations; location++) {
                    int i = owner[level][location];
                    if (i != NOBODY && !boxes.get(i).difficult()) {
                        write(labels[level], location, level, boxes.get(i), classOf[i]);
                        positives++;
                    }
                }
            }
            float weight = 1f / Math.max(1, positives);
            for (int level = 0; level < strides.length; level++) {
                for (int location = 0; location < weights[level].length; location++) {
                    int i = owner[level][location];
                    weights[level][location] = i != NOBODY && boxes.get(i).difficult() ? 0 : weight;
                }
            }
            return new Encoded(labels, weights, positives);
        }

        private void write(float[] labels, int location, int level, BoxAnnotation box, int classIndex) {
            int locations = owner[level].length;
            int stride = strides[level];
            Distances d = new Distances(box, stride, location % columns[level], location / columns[level]);
            labels[location] = (float) (Math.max(0, d.left) / stride);
            labels[locations + location] = (float) (Math.max(0, d.top) / stride);
            labels[2 * locations + location] = (float) (Math.max(0, d.right) / stride);
            labels[3 * locations + location] = (float) (Math.max(0, d.bottom) / stride);
            labels[4 * locations + location] = (float) d.centerness();
            labels[(BOX_CHANNELS + classIndex) * locations + location] = 1;
        }
    }

    /** From a location to the edges of a box, in pixels. */
    private record Distances(double left, double top, double right, double bottom) {

        Distances(BoxAnnotation box, int stride, int x, int y) {
            this(
                    (x + 0.5) * stride - box.xMin(),
                    (y + 0.5) * stride - box.yMin(),
                    box.xMax() - (x + 0.5) * stride,
                    box.yMax() - (y + 0.5) * stride);
        }

        double min() {
            return Math.min(Math.min(left, right), Math.min(top, bottom));
        }

        double max() {
            return Math.max(Math.max(left, right), Math.max(top, bottom));
        }

        double centerness() {
            return min() <= 0
                    ? 1
                    : Math.sqrt(Math.min(left, right)
                            / Math.max(left, right)
                            * Math.min(top, bottom)
                            / Math.max(top, bottom));
        }
    }
}
