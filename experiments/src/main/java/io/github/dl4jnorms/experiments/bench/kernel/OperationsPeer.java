package io.github.dl4jnorms.experiments.bench.kernel;

/**
 * The operations of this library's layers, without the layers: the forward pass and then the backward one, as training runs
 * them. What {@link LayerPeer#OURS} takes beyond that is what being a layer costs.
 */
final class OperationsPeer implements KernelPeer {
    private final KernelPeer ours = new OurPeer();

    @Override
    public String name() {
        return "operations";
    }

    @Override
    public boolean takes(Work work) {
        return !work.forward() && LayerPeer.OURS.takes(work);
    }

    @Override
    public boolean backwardIncludesForward() {
        return true;
    }

    @Override
    public Runnable prepare(Work work) {
        Runnable forward = ours.prepare(work.turned());
        Runnable backward = ours.prepare(work);
        return () -> {
            forward.run();
            backward.run();
        };
    }
}
