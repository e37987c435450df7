package io.github.dl4jnorms.benchdjl;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Random;

/** DJL's ResNet-50 on one batch of noise, by stochastic gradient descent with momentum. */
final class ResNetStep {
    private static final int LAYERS = 50;
    private static final float LEARNING_RATE = 0.01f;
    private static final float MOMENTUM = 0.9f;
    private static final float WEIGHT_DECAY = 5e-5f;

    private final Trainer trainer;
    private final Block block;
    private final NDArray images;
    private final NDArray labels;

    ResNetStep(int imageSize, int batchSize, int classes, long seed) {
        Shape shape = new Shape(batchSize, 3, imageSize, imageSize);
        block = ResNetV1.builder()
                .setNumLayers(LAYERS)
                .setOutSize(classes)
                .setImageShape(new Shape(3, imageSize, imageSize))
                .build();
        Model model = Model.newInstance("resnet50");
        model.setBlock(block);
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(LEARNING_RATE))
                        .optMomentum(MOMENTUM)
                        .optWeightDecays(WEIGHT_DECAY)
                        .build()));
        trainer.initialize(shape);
        NDManager manager = trainer.getManager();
        images = manager.randomNormal(shape);
        Random random = new Random(seed);
        labels = manager.create(random.ints(batchSize, 0, classes).toArray());
    }

    long parameters() {
        return block.getParameters().values().stream()
                .mapToLong(parameter -> parameter.getArray().size())
                .sum();
    }

    /** The nanoseconds of a step, and its loss. */
    String run() {
        long start = System.nanoTime();
        float loss;
        try (NDScope scope = new NDScope();
                GradientCollector collector = trainer.newGradientCollector()) {
            scope.suppressNotUsedWarning();
            NDArray value = trainer.getLoss().evaluate(new NDList(labels), trainer.forward(new NDList(images)));
            collector.backward(value);
            loss = value.getFloat();
        }
        trainer.step();
        return (System.nanoTime() - start) + " " + loss;
    }
}
