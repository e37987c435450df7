package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Standing;
import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Time;
import io.github.dl4jnorms.experiments.report.Samples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** Times that nobody has measured. */
final class Times {
    private final KernelTimes times;

    Times(String... works) {
        times = KernelTimes.empty(Stream.of(works).map(Work::parse).toList());
    }

    /** The milliseconds of a peer at some work. */
    Times add(String peer, String work, double... milliseconds) {
        return add(peer, work, false, milliseconds);
    }

    Times add(String peer, String work, boolean both, double... milliseconds) {
        times.peers().putIfAbsent(peer, new Standing(true, "a peer"));
        double[] nanoseconds =
                java.util.Arrays.stream(milliseconds).map(ms -> ms * 1e6).toArray();
        times.times()
                .computeIfAbsent(Work.parse(work), w -> new LinkedHashMap<>())
                .put(peer, new Time(new Samples(nanoseconds), both));
        return this;
    }

    Times without(String peer, String reason) {
        times.peers().put(peer, new Standing(false, reason));
        return this;
    }

    KernelTimes times() {
        return times;
    }

    List<Work> works() {
        return times.works();
    }
}
