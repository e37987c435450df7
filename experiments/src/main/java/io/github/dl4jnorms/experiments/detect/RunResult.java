package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.samediff.detection.Detection;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A finished run.
 *
 * @param point       what was trained
 * @param epochs      a result for each epoch, the diverged ones too
 * @param trainImages training images in an epoch
 * @param shown       the last epoch's detections in the first few validation images, for the report's picture
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunResult(
        @JsonProperty("point") GridPoint point,
        @JsonProperty("epochs") List<EpochResult> epochs,
        @JsonProperty("trainImages") int trainImages,
        @JsonProperty("shown") List<List<Detection>> shown) {

    EpochResult first() {
        return epochs.get(0);
    }

    EpochResult last() {
        return epochs.get(epochs.size() - 1);
    }

    /** Whether the run ended without a finite loss. */
    boolean diverged() {
        return !Double.isFinite(last().valLoss());
    }

    /** Wall seconds of training for each image seen, over the epochs that ran through; NaN if none did. */
    double secondsPerImage() {
        return epochs.stream()
                .filter(epoch -> !Double.isNaN(epoch.trainLoss()))
                .mapToDouble(epoch -> epoch.seconds() / trainImages)
                .average()
                .orElse(Double.NaN);
    }
}
