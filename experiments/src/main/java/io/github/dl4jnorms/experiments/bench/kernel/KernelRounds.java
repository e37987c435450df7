package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.Progress;
import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Standing;
import io.github.dl4jnorms.experiments.bench.kernel.KernelTimes.Time;
import io.github.dl4jnorms.experiments.bench.process.PeerException;
import io.github.dl4jnorms.experiments.report.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the contestants take turns. In a first round, which is not counted, everything is compiled and every memory is handed
 * out; then come short rounds, in each of which every contestant has its turn at every work, one directly after the other at the
 * same, so that whatever slows the machine down meets all of them. A median is over the iterations of all rounds.
 */
final class KernelRounds {
    /** After a turn of more than this many nanoseconds the next is one call without warm-up: caches matter no more. */
    private static final double SLOW = 150e6;

    /** Calls on less than so many bytes are compiled long after those on more: it is the number of calls that counts. */
    private static final long SMALL = 10_000_000;

    private static final int SMALL_FACTOR = 4;

    private final KernelSettings settings;
    private final List<Contestant> contestants;
    private final Progress progress;
    private final Map<Work, Map<String, Samples>> lastTurn = new LinkedHashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final KernelTimes results;

    KernelRounds(KernelSettings settings, List<Contestant> contestants, Progress progress) {
        this.settings = settings;
        this.contestants = contestants;
        this.progress = progress;
        results = KernelTimes.empty(settings.works());
    }

    /** Units of progress. */
    static long turns(KernelSettings settings, List<Contestant> contestants) {
        return (settings.rounds() + 1)
                * settings.works().stream()
                        .mapToLong(work -> contestants.stream()
                                .filter(contestant -> contestant.takes().test(work))
                                .count())
                        .sum();
    }

    KernelTimes run() {
        for (Contestant contestant : contestants) {
            try {
                results.peers()
                        .put(
                                contestant.name(),
                                new Standing(true, contestant.process().get().greeting()));
            } catch (PeerException e) {
                leave(contestant, e);
            }
        }
        for (int round = 0; round <= settings.rounds(); round++) {
            for (Work work : settings.works()) {
                for (Contestant contestant : contestants) {
                    if (contestant.takes().test(work)) {
                        turn(round, contestant, work);
                        progress.step(1);
                    }
                }
            }
            progress.line(round == 0 ? "kernels: warmed up" : "kernels: round " + round + "/" + settings.rounds());
        }
        return results;
    }

    private void turn(int round, Contestant contestant, Work work) {
        String name = contestant.name();
        Samples last = lastTurn.getOrDefault(work, Map.of()).get(name);
        if (gone.contains(name) || (round > 0 && last == null)) {
            return;
        }
        try {
            String answer = contestant.process().get().ask(question(round, contestant, work, last));
            if (answer.equals(Turn.NOT_TAKEN)) {
                return;
            }
            boolean both = answer.startsWith(Turn.BOTH);
            Samples nanoseconds = samples(both ? answer.substring(Turn.BOTH.length() + 1) : answer);
            lastTurn.computeIfAbsent(work, w -> new LinkedHashMap<>()).put(name, nanoseconds);
            if (round > 0) {
                results.times()
                        .computeIfAbsent(work, w -> new LinkedHashMap<>())
                        .merge(name, new Time(nanoseconds, both), KernelRounds::together);
            }
        } catch (PeerException e) {
            leave(contestant, e);
        }
    }

    /** A contestant that fails is out of the whole run: half of a comparison is none. */
    private void leave(Contestant contestant, PeerException e) {
        gone.add(contestant.name());
        results.peers().put(contestant.name(), new Standing(false, e.getMessage()));
        results.times().values().forEach(times -> times.remove(contestant.name()));
    }

    private String question(int round, Contestant contestant, Work work, Samples last) {
        String peer = contestant.peer();
        int milliseconds = settings.iterationMilliseconds();
        if (round == 0) {
            return new Turn(peer, work, contestant.java() ? warmUp(work) : milliseconds, 1, 1).toString();
        }
        return (last.median() > SLOW
                        ? new Turn(peer, work, 0, 1, 1)
                        : new Turn(peer, work, milliseconds / 2, settings.iterations(), milliseconds))
                .toString();
    }

    private int warmUp(Work work) {
        return work.shape().bytes() < SMALL ? SMALL_FACTOR * settings.warmUp() : settings.warmUp();
    }

    private static Samples samples(String answer) {
        List<Double> values = new ArrayList<>();
        for (String value : answer.split(" ")) {
            values.add(Double.parseDouble(value));
        }
        return new Samples(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Time together(Time a, Time b) {
        return new Time(a.nanoseconds().and(b.nanoseconds()), a.both());
    }
}
