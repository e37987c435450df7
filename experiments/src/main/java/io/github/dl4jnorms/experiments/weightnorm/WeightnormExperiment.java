package io.github.dl4jnorms.experiments.weightnorm;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.report.Section;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.activations.Activation;

/** Everything that {@code ./norms weightnorm} does, a section after the other. */
final class WeightnormExperiment {
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
                    mlp(Form.BOUNDED, progress), mlp(Form.ONE_ITERATION, progress), mlp(Form.NONE, progress), mlp);
            sections.add(spectral);
            sections.add(lipschitz(spectral, progress));
            sections.add(new GanSection(
                    GANS.stream().map(form -> gan(form, progress)).toList(), settings.perturbed()));
            return sections;
        }
    }

    private long work() {
        return linear.steps("x")
                + (long) NETWORKS * settings.mlpSteps()
                + SEARCHES * (settings.searchSteps() + 1L)
                + (long) settings.ganSteps()
                        * GANS.stream().mapToInt(GanTraining::work).sum();
    }

    private SpectralTraining mlp(Form form, Progress progress) {
        return SpectralTraining.run(mlp, form, settings.mlpSteps(), progress);
    }

    private LipschitzSection lipschitz(SpectralSection trained, Progress progress) {
        Pairs pairs = Pairs.random(settings.pairs(), mlp.get("x").columns(), settings.seed());
        Mlp gelu = trained.bounded().mlp().frozen(Activation.GELU);
        return new LipschitzSection(
                pairs,
                test(Form.BOUNDED, trained.bounded(), pairs, progress),
                test(Form.ONE_ITERATION, trained.iterated(), pairs, progress),
                test(Form.NONE, trained.plain(), pairs, progress),
                LipschitzTest.of("bounded, GELU for ReLU", 3, gelu, Activation.GELU, pairs, settings, progress));
    }

    private LipschitzTest test(Form form, SpectralTraining trained, Pairs pairs, Progress progress) {
        return LipschitzTest.of(
                form.toString(), form.color(), trained.mlp(), SpectralTraining.HIDDEN, pairs, settings, progress);
    }

    private GanSection.Trained gan(Form form, Progress progress) {
        GanTraining training = GanTraining.run(form, settings.ganSteps(), settings.seed(), progress);
        return new GanSection.Trained(
                training, Perturbations.of(training.discriminator(), settings.perturbed(), settings.seed() + 3));
    }
}
