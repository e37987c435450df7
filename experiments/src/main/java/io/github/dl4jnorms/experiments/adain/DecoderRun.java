package io.github.dl4jnorms.experiments.adain;

import io.github.dl4jnorms.samediff.style.StyleLosses;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The loss curves of a decoder's training, as far as it is.
 *
 * @param norm   between the decoder's convolutions
 * @param points every few steps
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record DecoderRun(
        @JsonProperty("norm") String norm,
        @JsonProperty("points") List<Point> points) {

    /**
     * @param step       steps done
     * @param content    content loss, the mean over the steps since the last point
     * @param style      style loss, the same
     * @param valContent content loss of the validation pairs
     * @param valStyle   style loss of the validation pairs
     * @param seconds    wall time of the steps so far, reading of pictures included, evaluation not
     */
    record Point(
            @JsonProperty("step") int step,
            @JsonProperty("content") double content,
            @JsonProperty("style") double style,
            @JsonProperty("valContent") double valContent,
            @JsonProperty("valStyle") double valStyle,
            @JsonProperty("seconds") double seconds) {

        double valTotal() {
            return new StyleLosses(valContent, valStyle).total(DecoderTraining.STYLE_WEIGHT);
        }
    }

    Point last() {
        return points.get(points.size() - 1);
    }

    /** What was known after so many steps. */
    DecoderRun until(int step) {
        return new DecoderRun(
                norm, points.stream().filter(point -> point.step() <= step).toList());
    }

    boolean reached(int step) {
        return !points.isEmpty() && last().step() >= step;
    }
}
