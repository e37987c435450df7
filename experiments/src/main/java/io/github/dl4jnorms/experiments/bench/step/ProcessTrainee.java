package io.github.dl4jnorms.experiments.bench.step;

import io.github.dl4jnorms.experiments.bench.process.PeerProcess;

/** A network in another process, which measures its steps itself. */
final class ProcessTrainee implements Trainee {
    private final PeerProcess process;
    private final long parameters;
    private double loss = Double.NaN;

    /** Makes the network, by a question that is answered by its number of parameters. */
    ProcessTrainee(PeerProcess process, String question) {
        this.process = process;
        parameters = Long.parseLong(process.ask(question));
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
    public String about() {
        return process.greeting();
    }

    @Override
    public void close() {
        process.close();
    }
}
