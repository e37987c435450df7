package io.github.dl4jnorms.samediff.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Mean average precision as Pascal VOC defines it since 2010 (Everingham et al., "The Pascal Visual Object Classes
 * Challenge: A Retrospective", IJCV 2015), for example {@code new MeanAveragePrecision(20, 0.5)} for mAP@0.5.
 *
 * <p>Within an image and a class, detections are taken from the highest score to the lowest, and each is matched to the
 * ground truth with which its IoU is highest (the first of equals):
 *
 * <ul>
 *   <li>IoU below the threshold, or no ground truth: false positive;
 *   <li>the ground truth is difficult: neither, the detection is left out;
 *   <li>it was not matched before: true positive; it was: false positive, however well another one would fit.
 * </ul>
 *
 * Over all images, detections of a class ordered by score give a curve of precision against recall; the average
 * precision is the area under it once each precision is replaced by the highest at that recall or a greater one.
 * Equal scores stand in the order in which they were added. Difficult objects do not count as objects to be found.
 *
 * <p>The development kit of VOC counts pixels (a box from 3 to 5 is 3 wide); {@link Box} measures lengths.
 */
public final class MeanAveragePrecision {

    private final double iouThreshold;
    private final ClassTally[] tallies;

    /**
     * @param classes      the number of classes, at least 1
     * @param iouThreshold the IoU from which a detection fits an object, in (0, 1]; VOC's is 0.5
     */
    public MeanAveragePrecision(int classes, double iouThreshold) {
        if (classes < 1) {
            throw new IllegalArgumentException("classes: got " + classes + ", takes 1 or more");
        }
        if (!(iouThreshold > 0 && iouThreshold <= 1)) {
            throw new IllegalArgumentException(
                    "iouThreshold: got " + iouThreshold + ", takes a number above 0, up to 1");
        }
        this.iouThreshold = iouThreshold;
        tallies = new ClassTally[classes];
        Arrays.setAll(tallies, index -> new ClassTally());
    }

    /**
     * Counts one image; either list may be empty.
     *
     * @throws IllegalArgumentException if a class is not below the number of classes; nothing is counted then
     */
    public void add(List<Detection> detections, List<GroundTruth> truth) {
        detections.forEach(detection -> checkClass("detections", detection.classIndex()));
        truth.forEach(object -> checkClass("truth", object.classIndex()));
        for (int c = 0; c < tallies.length; c++) {
            int classIndex = c;
            tallies[c].add(
                    detections.stream()
                            .filter(detection -> detection.classIndex() == classIndex)
                            .sorted(NonMaxSuppression.BEST_FIRST)
                            .toList(),
                    truth.stream()
                            .filter(object -> object.classIndex() == classIndex)
                            .toList());
        }
    }

    /** The average precision of each class, NaN for a class without ground truth (difficult ones aside). */
    public double[] averagePrecision() {
        return Arrays.stream(tallies).mapToDouble(ClassTally::averagePrecision).toArray();
    }

    /** The share of each class's objects that was found at any score, NaN for a class without ground truth. */
    public double[] recall() {
        return Arrays.stream(tallies).mapToDouble(ClassTally::recall).toArray();
    }

    /** The mean of {@link #averagePrecision()} over the classes with ground truth, NaN if no class has any. */
    public double value() {
        return DoubleStream.of(averagePrecision())
                .filter(precision -> !Double.isNaN(precision))
                .average()
                .orElse(Double.NaN);
    }

    private void checkClass(String argument, int classIndex) {
        if (classIndex >= tallies.length) {
            throw new IllegalArgumentException(
                    argument + ": got class " + classIndex + ", takes classes below " + tallies.length);
        }
    }

    /** A detection that counts. */
    private record Outcome(float score, boolean correct) {}

    /** What is known of one class so far. */
    private final class ClassTally {

        private final List<Outcome> outcomes = new ArrayList<>();
        private int objects;

        void add(List<Detection> bestFirst, List<GroundTruth> truth) {
            boolean[] matched = new boolean[truth.size()];
            for (Detection detection : bestFirst) {
                int nearest = nearest(detection.box(), truth);
                if (nearest < 0) {
                    outcomes.add(new Outcome(detection.score(), false));
                } else if (!truth.get(nearest).difficult()) {
                    outcomes.add(new Outcome(detection.score(), !matched[nearest]));
                    matched[nearest] = true;
                }
            }
            objects +=
                    (int) truth.stream().filter(object -> !object.difficult()).count();
        }

        /** The index of the ground truth that overlaps the box most, -1 if none does by the threshold. */
        private int nearest(Box box, List<GroundTruth> truth) {
            int nearest = -1;
            double highest = 0;
            for (int i = 0; i < truth.size(); i++) {
                double iou = box.iou(truth.get(i).box());
                if (iou >= iouThreshold && iou > highest) {
                    highest = iou;
                    nearest = i;
                }
            }
            return nearest;
        }

        double averagePrecision() {
            if (objects == 0) {
                return Double.NaN;
            }
            List<Outcome> ranked = outcomes.stream()
                    .sorted(Comparator.comparingDouble(Outcome::score).reversed())
                    .toList();
            double[] precision = new double[ranked.size()];
            int found = 0;
            for (int i = 0; i < precision.length; i++) {
                found += ranked.get(i).correct() ? 1 : 0;
                precision[i] = found / (i + 1.0);
            }
            // from the right: the envelope, and a step of recall 1/objects at each correct detection
            double area = 0;
            double envelope = 0;
            for (int i = precision.length - 1; i >= 0; i--) {
                envelope = Math.max(envelope, precision[i]);
                area += ranked.get(i).correct() ? envelope : 0;
            }
            return area / objects;
        }

        double recall() {
            long found = outcomes.stream().filter(Outcome::correct).count();
            return objects == 0 ? Double.NaN : (double) found / objects;
        }
    }
}
