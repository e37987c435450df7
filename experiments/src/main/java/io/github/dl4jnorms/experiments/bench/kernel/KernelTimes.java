package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.report.Samples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured.
 *
 * @param works  in the order of the table
 * @param peers  each one's name, in the order of the table, and what it is, or why it was not measured
 * @param times  by work and peer
 */
public record KernelTimes(List<Work> works, Map<String, Standing> peers, Map<Work, Map<String, Time>> times) {
    /**
     * Whether a peer was measured.
     *
     * @param there whether it was
     * @param text  what it is, or why not
     */
    public record Standing(boolean there, String text) {}

    /**
     * The nanoseconds that some work took.
     *
     * @param both whether they are those of the forward and the backward pass together
     */
    public record Time(Samples nanoseconds, boolean both) {}

    /** Nothing measured yet. */
    static KernelTimes empty(List<Work> works) {
        return new KernelTimes(works, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    public Optional<Time> time(String peer, Work work) {
        return Optional.ofNullable(times.getOrDefault(work, Map.of()).get(peer));
    }

    /**
     * The median time in nanoseconds. Of a peer whose backward pass cannot be run alone it is that of both passes less that of
     * the forward one.
     */
    public Optional<Double> median(String peer, Work work) {
        Optional<Double> median =
                time(peer, work).map(time -> time.nanoseconds().median());
        if (!time(peer, work).map(Time::both).orElse(false)) {
            return median;
        }
        return median.flatMap(both -> time(peer, work.turned())
                .map(forward -> both - forward.nanoseconds().median()));
    }

    /** The median nanoseconds of copying as many bytes as x has. */
    public Optional<Double> limit(Work work) {
        return median(MemcpyPeer.NAME, limit(MemcpyPeer.NAME, work));
    }

    /** The median time in nanoseconds of both passes, of a peer that runs the backward one together with the forward one. */
    public Optional<Double> bothPasses(String peer, Work backward) {
        return time(peer, backward)
                .filter(Time::both)
                .map(time -> time.nanoseconds().median());
    }

    /** The median of one peer as a multiple of another's, where both were measured. */
    public Optional<Double> ratio(String peer, String other, Work work) {
        return median(peer, work)
                .flatMap(time -> median(other, limit(other, work)).map(than -> time / than));
    }

    /** Copying does not depend on what is computed: it is measured at one work of each shape. */
    private Work limit(String peer, Work work) {
        if (!peer.equals(MemcpyPeer.NAME)) {
            return work;
        }
        return works.stream()
                .filter(w -> w.shape().equals(work.shape()) && time(peer, w).isPresent())
                .findFirst()
                .orElse(work);
    }

    /** Gigabytes that must be moved, a second. */
    public Optional<Double> gigabytesPerSecond(String peer, Work work) {
        long bytes = peer.equals(MemcpyPeer.NAME) ? 2 * work.shape().bytes() : work.moved();
        return median(peer, limit(peer, work)).map(nanoseconds -> bytes / nanoseconds);
    }
}
