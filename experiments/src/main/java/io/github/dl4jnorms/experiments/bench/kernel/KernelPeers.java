package io.github.dl4jnorms.experiments.bench.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The peers that this process can measure. */
final class KernelPeers {
    private static final Map<String, KernelPeer> PEERS = load();

    private KernelPeers() {}

    static KernelPeer named(String name) {
        KernelPeer peer = PEERS.get(name);
        if (peer == null) {
            throw new IllegalArgumentException(
                    "peer: takes one of " + String.join(", ", PEERS.keySet()) + ", received " + name);
        }
        return peer;
    }

    static List<String> names() {
        return List.copyOf(PEERS.keySet());
    }

    private static Map<String, KernelPeer> load() {
        Map<String, KernelPeer> peers = new LinkedHashMap<>();
        List.of(
                        new MemcpyPeer(),
                        new OurPeer(),
                        new OperationsPeer(),
                        LayerPeer.OURS,
                        new Nd4jPeer(),
                        new ComposedPeer(),
                        LayerPeer.DL4J)
                .forEach(peer -> peers.put(peer.name(), peer));
        ServiceLoader.load(KernelPeer.class).forEach(peer -> peers.put(peer.name(), peer));
        return peers;
    }
}
