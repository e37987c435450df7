package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.bench.process.PeerProcess;

/** ResNet-50 in another process, which measures its steps itself. */
final class ProcessTrainee implements Trainee {
    private final PeerProcess process;
    private final long parameters;
    private double loss = Double.NaN;

    /** Makes the network, for these settings. */
    ProcessTrainee(PeerProcess process, StepSettings settings) {
        this.process = process;
        parameters = Long.parseLong(process.ask(String.format(
                "resnet50;%d;%d;%d;%d",
                settings.imageSize(), settings.batchSize(), settings.classes(), settings.seed())));
    }

    @Override
    public long parameters() {
        return parameters;
    }

    @Override
    public double step() {
        String[] answer = process.ask("step").split(" ");
        loss = Double.parseDouble(answer[1]);
        return Double.parseDouble(answer[0]) / 1e6;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public void close() {
        process.close();
    }
}
