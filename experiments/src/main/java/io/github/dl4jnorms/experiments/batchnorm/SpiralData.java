package io.github.dl4jnorms.experiments.batchnorm;

import io.github.dl4jnorms.datasets.synthetic.Spirals;
import org.datavec.api.util.ndarray.RecordConverter;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.util.FeatureUtil;

/** Points of three spiral arms, from DataVec's records. */
record SpiralData(DataSet train, DataSet test) {
    static SpiralData make(BatchnormSettings settings) {
        return new SpiralData(
                read(settings.train(), settings.noise(), settings.seed()),
                read(settings.test(), settings.noise(), settings.seed() + 1));
    }

    private static DataSet read(int count, double noise, long seed) {
        INDArray records = RecordConverter.toMatrix(
                DataType.FLOAT, Spirals.records(count, BatchnormSettings.CLASSES, noise, seed));
        INDArray points = records.get(NDArrayIndex.all(), NDArrayIndex.interval(0, Spirals.CLASS_COLUMN))
                .dup('c');
        int[] classes = records.getColumn(Spirals.CLASS_COLUMN).toIntVector();
        return new DataSet(points, FeatureUtil.toOutcomeMatrix(classes, BatchnormSettings.CLASSES));
    }
}
