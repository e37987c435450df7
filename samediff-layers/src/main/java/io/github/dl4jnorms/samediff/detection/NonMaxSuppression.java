package io.github.dl4jnorms.samediff.detection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Greedy non-maximum suppression: of detections of one class that overlap, only the best scored is kept.
 *
 * <p>Detections are visited from the highest score to the lowest, equal scores in the order in which they came. One is
 * dropped if its {@link Box#iou IoU} with a kept one of the same class is greater than the threshold.
 */
public final class NonMaxSuppression {

    static final Comparator<Detection> BEST_FIRST =
            Comparator.comparingDouble(Detection::score).reversed();

    private NonMaxSuppression() {}

    /**
     * @param detections   of one image, in any order; not changed
     * @param iouThreshold from 0 to 1; 1 keeps everything
     * @return the kept detections, highest score first
     */
    public static List<Detection> apply(List<Detection> detections, double iouThreshold) {
        return apply(detections, iouThreshold, Integer.MAX_VALUE);
    }

    /** The first {@code limit} of {@link #apply(List, double)}, without computing the rest. */
    public static List<Detection> apply(List<Detection> detections, double iouThreshold, int limit) {
        if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
            throw new IllegalArgumentException("iouThreshold: got " + iouThreshold + ", takes a number from 0 to 1");
        }
        if (limit < 0) {
            throw new IllegalArgumentException("limit: got " + limit + ", takes 0 or more");
        }
        List<Detection> kept = new ArrayList<>();
        for (Detection candidate : detections.stream().sorted(BEST_FIRST).toList()) {
            if (kept.size() == limit) {
                break;
            }
            if (kept.stream().noneMatch(better -> suppresses(better, candidate, iouThreshold))) {
                kept.add(candidate);
            }
        }
        return kept;
    }

    private static boolean suppresses(Detection better, Detection candidate, double iouThreshold) {
        return better.classIndex() == candidate.classIndex() && better.box().iou(candidate.box()) > iouThreshold;
    }
}
