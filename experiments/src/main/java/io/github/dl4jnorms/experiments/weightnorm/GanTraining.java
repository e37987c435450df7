package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Text;
import io.github.dl4jnorms.weight.Parametrization;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A GAN with the logistic loss, non-saturating for the generator, on {@link Mixture}. The generator has no norm.
 *
 * @param discriminator the trained one
 * @param points        measurements over training
 * @param pictures      the generator's samples at some of the steps
 */
record GanTraining(Form form, Mlp discriminator, List<Point> points, List<Picture> pictures, int steps) {
    static final int NOISE = 8;
    static final int WIDTH = 64;
    static final int BATCH = 64;
    static final double GENERATOR_RATE = 1e-3;
    static final double DISCRIMINATOR_RATE = 2e-3;
    static final double BETA1 = 0.5;
    static final int SAMPLES = 2500;
    private static final int POINTS = 40;

    /** A point costs as much as several steps. */
    private static final int LEAST_STEPS_PER_POINT = 10;

    private static final int PICTURES = 4;

    /**
     * Measured at a step.
     *
     * @param inputGradient the longest gradient of the discriminator's output by its input, over a batch of both kinds
     * @param bound         the product of the discriminator's spectral norms
     */
    record Point(
            int step,
            double discriminatorLoss,
            double generatorLoss,
            double discriminatorGradient,
            double generatorGradient,
            double inputGradient,
            double bound,
            Mixture.Coverage coverage) {}

    /** The generator's samples, and what the discriminator says on a grid over the plane, row by row from the top. */
    record Picture(int step, double[][] samples, double[] landscape) {}

    static GanTraining run(Form form, int steps, long seed, Progress progress) {
        return new Run(form, steps, seed, progress).train();
    }

    /** A step's share of the progress: the singular values of spectral normalization take most of the time. */
    static int work(Form form) {
        return form.spectral() ? 3 : 1;
    }

    Point last() {
        return points.get(points.size() - 1);
    }

    /** Two networks that learn against each other. */
    private static final class Run {
        private final Form form;
        private final int steps;
        private final Random random;
        private final Progress progress;
        private final Mlp generator;
        private final Mlp discriminator;
        private final INDArray noise;
        private final List<Point> points = new ArrayList<>();
        private final List<Picture> pictures = new ArrayList<>();

        Run(Form form, int steps, long seed, Progress progress) {
            this.form = form;
            this.steps = steps;
            this.progress = progress;
            random = new Random(seed);
            generator = new Mlp(
                    Parametrization.none(), Activation.RELU, adam(GENERATOR_RATE), seed, NOISE, WIDTH, WIDTH, 2);
            discriminator = new Mlp(
                    form.parametrization(),
                    Activation.LEAKYRELU,
                    adam(DISCRIMINATOR_RATE),
                    seed + 1,
                    2,
                    WIDTH,
                    WIDTH,
                    WIDTH,
                    1);
            noise = Samples.gaussian(new Random(seed + 2), SAMPLES, NOISE);
        }

        private static Adam adam(double rate) {
            return Adam.builder().learningRate(rate).beta1(BETA1).build();
        }

        GanTraining train() {
            INDArray both =
                    Nd4j.concat(0, Nd4j.ones(BATCH, 1), Nd4j.zeros(BATCH, 1)).castTo(noise.dataType());
            INDArray real = Nd4j.ones(noise.dataType(), BATCH, 1);
            int measured = Math.min(POINTS, steps / LEAST_STEPS_PER_POINT);
            for (int step = 1; step <= steps; step++) {
                INDArray fake = generator.output(Samples.gaussian(random, BATCH, NOISE));
                INDArray seen = Nd4j.vstack(Mixture.sample(random, BATCH), fake);
                INDArray judged = discriminator.forward(seen).dup();
                discriminator.backward(LogisticLoss.gradient(judged, both).div(BATCH));
                double discriminatorGradient = discriminator.gradientNorm();
                discriminator.update();

                INDArray made = generator
                        .forward(Samples.gaussian(random, BATCH, NOISE))
                        .dup();
                INDArray verdict = discriminator.forward(made).dup();
                INDArray wanted = discriminator.backward(
                        LogisticLoss.gradient(verdict, real).div(BATCH));
                generator.backward(wanted.dup());
                double generatorGradient = generator.gradientNorm();
                generator.update();

                boolean pictured = due(step, PICTURES);
                if (pictured || due(step, measured)) {
                    double[][] samples = generator.output(noise).toDoubleMatrix();
                    points.add(new Point(
                            step,
                            2 * LogisticLoss.mean(judged, both),
                            LogisticLoss.mean(verdict, real),
                            discriminatorGradient,
                            generatorGradient,
                            steepest(seen),
                            discriminator.lipschitzBound(),
                            Mixture.coverage(samples)));
                    if (pictured) {
                        picture(step, samples);
                    }
                }
                progress.step(work(form));
            }
            return new GanTraining(form, discriminator, points, pictures, steps);
        }

        private void picture(int step, double[][] samples) {
            pictures.add(new Picture(
                    step, samples, discriminator.output(GanPicture.grid()).toDoubleVector()));
            int modes = points.get(points.size() - 1).coverage().modes();
            progress.line(Text.text("%s: step %d of %d, %d of %d modes", form, step, steps, modes, Mixture.MODES));
        }

        /** Whether the step ends one of this many equal parts of the training. */
        private boolean due(int step, int parts) {
            return (long) step * parts / steps > (step - 1L) * parts / steps;
        }

        private double steepest(INDArray x) {
            INDArray ones = Nd4j.ones(x.dataType(), x.rows(), 1);
            return Transforms.abs(discriminator.inputGradient(x, ones).norm2(1))
                    .maxNumber()
                    .doubleValue();
        }
    }
}
