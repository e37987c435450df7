package io.github.dl4jnorms.samediff.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MeanAveragePrecisionPropertyTest {

    record Image(List<Detection> detections, List<GroundTruth> truth) {}

    @Property(seed = "2", tries = 500, edgeCases = EdgeCasesMode.NONE)
    void agreesWithTheReference(@ForAll("images") List<Image> images) {
        MeanAveragePrecision measured = new MeanAveragePrecision(3, 0.5);
        images.forEach(image -> measured.add(image.detections(), image.truth()));
        for (int c = 0; c < 3; c++) {
            assertThat(measured.averagePrecision()[c]).isEqualTo(reference(images, c, 0.5), within(1e-12));
        }
    }

    /** VOC's definition word by word: rank all images together, match, then max precision at each recall k/n. */
    private static double reference(List<Image> images, int classIndex, double threshold) {
        record Ranked(int image, Detection detection) {}
        List<Ranked> ranking = new ArrayList<>();
        long objects = 0;
        for (int i = 0; i < images.size(); i++) {
            for (Detection detection : images.get(i).detections()) {
                if (detection.classIndex() == classIndex) {
                    ranking.add(new Ranked(i, detection));
                }
            }
            objects += images.get(i).truth().stream()
                    .filter(object -> object.classIndex() == classIndex && !object.difficult())
                    .count();
        }
        ranking.sort(Comparator.comparing(ranked -> -ranked.detection().score()));

        Set<List<Integer>> taken = new HashSet<>();
        List<double[]> curve = new ArrayList<>(); // recall, precision
        int right = 0;
        int wrong = 0;
        for (Ranked ranked : ranking) {
            List<GroundTruth> truth = images.get(ranked.image()).truth();
            int nearest = -1;
            for (int i = 0; i < truth.size(); i++) {
                if (truth.get(i).classIndex() == classIndex
                        && (nearest < 0
                                || ranked.detection().box().iou(truth.get(i).box())
                                        > ranked.detection()
                                                .box()
                                                .iou(truth.get(nearest).box()))) {
                    nearest = i;
                }
            }
            if (nearest < 0 || ranked.detection().box().iou(truth.get(nearest).box()) < threshold) {
                wrong++;
            } else if (truth.get(nearest).difficult()) {
                continue;
            } else if (taken.add(List.of(ranked.image(), nearest))) {
                right++;
            } else {
                wrong++;
            }
            curve.add(new double[] {right / (double) objects, right / (double) (right + wrong)});
        }
        if (objects == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int k = 1; k <= objects; k++) {
            double recall = k / (double) objects;
            sum += curve.stream()
                    .filter(point -> point[0] >= recall)
                    .mapToDouble(point -> point[1])
                    .max()
                    .orElse(0);
        }
        return sum / objects;
    }

    @Provide
    Arbitrary<List<Image>> images() {
        // few places, classes and scores, so that matches, duplicates and ties are common
        Arbitrary<Box> boxes = Arbitraries.integers().between(0, 12).map(x -> new Box(1.5f * x, 0, 1.5f * x + 10, 10));
        Arbitrary<Integer> classes = Arbitraries.integers().between(0, 2);
        Arbitrary<Float> scores = Arbitraries.integers().between(0, 10).map(tenths -> tenths / 10f);
        Arbitrary<List<Detection>> detections = Combinators.combine(boxes, classes, scores)
                .as(Detection::new)
                .list()
                .ofMaxSize(12);
        Arbitrary<List<GroundTruth>> truth = Combinators.combine(boxes, classes, Arbitraries.of(false, false, true))
                .as(GroundTruth::new)
                .list()
                .ofMaxSize(6);
        return Combinators.combine(detections, truth).as(Image::new).list().ofMaxSize(6);
    }
}
