package io.github.dl4jnorms.experiments.detect;

import io.github.dl4jnorms.datasets.detection.DetectionIterator;
import io.github.dl4jnorms.samediff.detection.Detection;
import io.github.dl4jnorms.samediff.detection.FcosDecoder;
import io.github.dl4jnorms.samediff.detection.FcosDetector;
import io.github.dl4jnorms.samediff.detection.GroundTruth;
import io.github.dl4jnorms.samediff.detection.MeanAveragePrecision;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A network judged on the validation images, in evaluation mode: BatchNorm takes its running statistics.
 *
 * @param loss  mean over the images
 * @param map50 mean average precision at IoU 0.5
 * @param shown detections in the first few images
 */
record Evaluation(double loss, double map50, List<List<Detection>> shown) {

    static Evaluation of(ComputationGraph network, DetectData data) {
        FcosDecoder decoder = new FcosDecoder();
        MeanAveragePrecision precision =
                new MeanAveragePrecision(data.classNames().size(), 0.5);
        List<List<Detection>> shown = new ArrayList<>();
        double loss = 0;
        int images = 0;
        for (DetectionIterator batches = data.validation(); batches.hasNext(); ) {
            MultiDataSet batch = batches.next();
            INDArray input = batch.getFeatures(0);
            List<List<GroundTruth>> truth = data.truth(batch);
            loss += (network.score(FcosDetector.pack(batch), false)) * truth.size();
            images += truth.size();
            INDArray[] levels = FcosDetector.levels(network.outputSingle(false, input), (int) input.size(3));
            List<List<Detection>> detections = decoder.decode(levels, (int) input.size(3), (int) input.size(2));
            for (int i = 0; i < truth.size(); i++) {
                precision.add(detections.get(i), truth.get(i));
                if (shown.size() < DetectDefaults.SHOWN) {
                    shown.add(detections.get(i));
                }
            }
        }
        return new Evaluation(loss / images, precision.value(), shown);
    }
}
