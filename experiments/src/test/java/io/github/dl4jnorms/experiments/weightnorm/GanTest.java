package io.github.dl4jnorms.experiments.weightnorm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class GanTest {
    @Test
    void realSamplesCoverEveryMode() {
        Mixture.Coverage coverage =
                Mixture.coverage(Mixture.sample(new Random(1), 2000).toDoubleMatrix());
        assertThat(coverage.modes()).isEqualTo(Mixture.MODES);
        assertThat(coverage.goodShare()).isGreaterThan(0.99);
    }

    @Test
    void aModeIsCoveredFromAShareOfTheSamplesOn() {
        double[][] points = new double[1000][];
        for (int i = 0; i < points.length; i++) {
            int mode = i < 10 ? 3 : i < 19 ? 4 : 0; // 10, 9 and 981 of 1000
            points[i] = new double[] {Mixture.centreX(mode), Mixture.centreY(mode) + (i % 2 == 0 ? 0.79 : -0.79)};
        }
        assertThat(Mixture.coverage(points)).isEqualTo(new Mixture.Coverage(2, 1));
        for (double[] point : points) {
            point[1] += 5;
        }
        assertThat(Mixture.coverage(points).goodShare()).isLessThan(0.02);
    }

    @Test
    void theLogisticLossAndItsGradient() {
        INDArray f = Nd4j.createFromArray(new double[][] {{-2}, {0.5}, {3}});
        INDArray labels = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}});
        double step = 1e-6;
        for (int i = 0; i < 3; i++) {
            INDArray e = Nd4j.zeros(f.dataType(), 3, 1).putScalar(i, step);
            double numeric = (LogisticLoss.mean(f.add(e), labels) - LogisticLoss.mean(f.sub(e), labels)) / (2 * step);
            assertThat(LogisticLoss.gradient(f, labels).getDouble(i) / 3).isCloseTo(numeric, within(1e-9));
        }
    }

    /** Where LossBinaryXENT would have neither loss nor gradient. */
    @Test
    void theLogisticLossWhereADiscriminatorIsSure() {
        INDArray f = Nd4j.createFromArray(new double[][] {{-50}, {800}});
        INDArray wrong = Nd4j.createFromArray(new double[][] {{1}, {0}});
        assertThat(LogisticLoss.mean(f, wrong)).isCloseTo(425, within(1e-9));
        assertThat(LogisticLoss.gradient(f, wrong).toDoubleVector())
                .containsExactly(new double[] {-1, 1}, within(1e-9));
    }

    @Test
    void perturbationsOfALinearMap() {
        Mlp f = new Mlp(Form.NONE.parametrization(), Activation.IDENTITY, new Sgd(0), 1, 2, 1);
        f.parameter(0, "W").assign(Nd4j.createFromArray(new double[][] {{3, 4}}));
        Perturbations perturbations = Perturbations.of(f, 200, 1);
        assertThat(perturbations.radii()).hasSize(9).startsWith(1e-3).isSorted();
        assertThat(perturbations.radii()[8]).isCloseTo(10, within(1e-12));
        assertThat(DoubleStream.of(perturbations.steepest()))
                .allSatisfy(ratio -> assertThat(ratio).isCloseTo(5, within(1e-9)));
        assertThat(DoubleStream.of(perturbations.random()))
                .allSatisfy(ratio -> assertThat(ratio).isBetween(4.9, 5 + 1e-9));
        assertThat(perturbations.most()).isCloseTo(5, within(1e-9));
    }

    private static GanSection.Trained gan(Form form, double ratio, double gradient, double bound, int modes) {
        GanTraining.Point point = new GanTraining.Point(1, 1, 1, 1, 1, gradient, bound, new Mixture.Coverage(modes, 1));
        double[] ratios = {ratio};
        return new GanSection.Trained(
                new GanTraining(form, null, List.of(point), List.of(), 1),
                new Perturbations(new double[] {1}, ratios, ratios));
    }

    @Test
    void claimsAreJudgedByTheNumbers() {
        GanSection good = new GanSection(
                List.of(
                        gan(Form.NONE, 5, 6, 100, 3),
                        gan(Form.WEIGHT, 5, 6, 100, 7),
                        gan(Form.BOUNDED, 0.9, 0.95, 1, 8)),
                1000);
        assertThat(good.claims()).hasSize(6).allMatch(claim -> claim.holds());
        GanSection bad = new GanSection(
                List.of(
                        gan(Form.NONE, 0.5, 6, 100, 8),
                        gan(Form.WEIGHT, 0.5, 6, 100, 8),
                        gan(Form.BOUNDED, 1.1, 1.2, 1.001, 7)),
                1000);
        assertThat(bad.claims()).noneMatch(claim -> claim.holds());
    }

    /** Real to the right and above: the picture's corners, from top left, tell left from right and up from down. */
    @Test
    void thePictureIsTheRightWayRound() {
        INDArray grid = GanPicture.grid();
        int side = (int) Math.sqrt(grid.rows());
        assertThat(grid.getDouble(0, 0)).isNegative();
        assertThat(grid.getDouble(0, 1)).isPositive();
        assertThat(grid.getDouble(side - 1, 0)).isPositive();
        assertThat(grid.getDouble(grid.rows() - 1, 1)).isNegative();

        double[] landscape = grid.sum(1).toDoubleVector();
        GanTraining.Picture picture = new GanTraining.Picture(1, new double[][] {{0, 0}}, landscape);
        BufferedImage image =
                GanPicture.draw(List.of(new GanTraining(Form.NONE, null, List.of(), List.of(picture, picture), 1)));
        int right = image.getWidth() - 40;
        int top = 130;
        assertThat(red(image, right, top) - blue(image, right, top))
                .as("orange")
                .isGreaterThan(50);
        int left = 40;
        int bottom = image.getHeight() - 90;
        assertThat(blue(image, left, bottom) - red(image, left, bottom))
                .as("blue")
                .isGreaterThan(30);
    }

    private static int red(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >> 16 & 0xff;
    }

    private static int blue(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xff;
    }
}
