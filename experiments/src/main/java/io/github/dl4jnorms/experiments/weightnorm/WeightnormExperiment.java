package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.activations.Activation;

/** Everything that {@code ./norms weightnorm} does, a section after the other. */
final class WeightnormExperiment {
    /** The spectrally normalized GAN's steps cost about as much as four of the others'. */
    private static final List<Form> GANS = List.of(Form.NONE, Form.WEIGHT, Form.BOUNDED);

    private static final int NETWORKS = 3;
    private static final int SEARCHES = 4;

    private final WeightnormSettings settings;
    private final TorchFixture linear = TorchFixture.of("linear");
    private final TorchFixture mlp = TorchFixture.of("mlp");

    WeightnormExperiment(WeightnormSettings settings) {
        this.settings = settings;
    }

    List<Section> run() {
        try (Progress progress = Progress.start("weightnorm", work())) {
            List<Section> sections = new ArrayList<>();
            sections.add(
                    new LinearSection(LinearTraining.run(linear, settings.seed(), progress), linear.number("rate")));
            SpectralSection spectral = new SpectralSection(
                    SpectralTraining.run(mlp, Form.BOUNDED, progress),
                    SpectralTraining.run(mlp, Form.ONE_ITERATION, progress),
                    SpectralTraining.run(mlp, Form.NONE, progress),
                    mlp);
            sections.add(spectral);
            sections.add(lipschitz(spectral, progress));
            sections.add(new GanSection(
                    GANS.stream().map(form -> gan(form, progress)).toList(), settings.perturbed()));
            return sections;
        }
    }

    private long work() {
        return linear.steps("x")
                + NETWORKS * mlp.get("loss").length()
                + SEARCHES * (settings.searchSteps() + 1L)
                + (long) GANS.size() * settings.ganSteps();
    }

    private LipschitzSection lipschitz(SpectralSection trained, Progress progress) {
        Pairs pairs = Pairs.random(settings.pairs(), mlp.get("x").columns(), settings.seed());
        Mlp gelu = SpectralTraining.start(mlp, Form.BOUNDED, Activation.GELU);
        gelu.assign(trained.bounded().mlp());
        return new LipschitzSection(
                pairs,
                test(Form.BOUNDED, trained.bounded(), pairs, progress),
                test(Form.ONE_ITERATION, trained.iterated(), pairs, progress),
                test(Form.NONE, trained.plain(), pairs, progress),
                LipschitzTest.of("bounded, GELU for ReLU", Form.BOUNDED.color() + 1, gelu, pairs, settings, progress));
    }

    private LipschitzTest test(Form form, SpectralTraining trained, Pairs pairs, Progress progress) {
        return LipschitzTest.of(form.toString(), form.color(), trained.mlp(), pairs, settings, progress);
    }

    private GanSection.Trained gan(Form form, Progress progress) {
        GanTraining training = GanTraining.run(form, settings.ganSteps(), settings.seed(), progress);
        return new GanSection.Trained(
                training, Perturbations.of(training.discriminator(), settings.perturbed(), settings.seed() + 3));
    }
}
