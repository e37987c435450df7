package io.github.dl4jnorms.experiments.detect;

import java.util.List;

/** Every number of {@code ./norms detect} that is a choice, in one place. */
final class DetectDefaults {
    static final List<String> NORMS = List.of("bn", "gn");
    static final List<Integer> BATCH_SIZES = List.of(1, 2, 4, 8, 16, 64);
    static final int EPOCHS = 5;
    static final int IMAGE_SIZE = 64;
    static final int TRAIN_IMAGES = 64;
    static final int VAL_IMAGES = 24;
    static final int CHANNELS = 128;
    static final int HEAD_CONVOLUTIONS = 1;

    /** Of stochastic gradient descent with momentum, at {@link #REFERENCE_BATCH}. */
    static final double LEARNING_RATE = 0.02;

    static final double MOMENTUM = 0.9;

    /** Largest L2 norm of one layer's gradient. */
    static final double CLIP = 5;

    /** Weight of the old value in BatchNorm's running statistics, at {@link #REFERENCE_BATCH}: the usual 0.9 at batch 4. */
    static final double DECAY = 0.656;

    /** The batch size at which the learning rate is the one given; others scale it linearly. */
    static final int REFERENCE_BATCH = 16;

    /** Of an FPN level's stride: FCOS's 8 is for images of 800 pixels and would leave P4 to P7 without an object here. */
    static final double SIZE_FACTOR = 2;

    /** FCOS's centre sampling. */
    static final double CENTER_RADIUS = 1.5;

    /** Evaluation's batch, the same for every run: its size must not change the numbers, and memory stays bounded. */
    static final int EVALUATION_BATCH = 16;

    /** Validation images in the picture of detections. */
    static final int SHOWN = 4;

    static final List<Integer> QUICK_BATCH_SIZES = List.of(2, 8);
    static final int QUICK_EPOCHS = 2;
    static final int QUICK_TRAIN_IMAGES = 32;
    static final int QUICK_VAL_IMAGES = 16;

    private DetectDefaults() {}
}
