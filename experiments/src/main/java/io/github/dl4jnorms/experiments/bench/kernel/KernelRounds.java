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
import java.util.stream.IntStream;

/**
 * Lets the contestants take turns. In the first rounds, which are not counted, everything is compiled and every memory is handed
 * out: for Java there are two, but in a quick run, as other work makes it compile anew what it had compiled for the work before.
 * Then come short rounds, in each of which every contestant has its turn at every work, one directly after the other at the
 * same, so that whatever slows the machine down meets all of them. A median is over the iterations of all rounds.
 */
final class KernelRounds {
    /** After a turn of more than this many nanoseconds the next is one call without warm-up: caches matter no more. */
    private static final double SLOW = 150e6;

    /** Calls on less than so many bytes are compiled long after those on more: it is the number of calls that counts. */
    private static final long SMALL = 10_000_000;

    private static final int SMALL_FACTOR = 4;

    /** The last round that is not counted; the others before it are for Java alone. */
    private static final int LAST_WARM_UP = 0;

    private static final int FIRST_WARM_UP = -1;

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
        return rounds(settings)
                .flatMap(round -> settings.works().stream().mapToInt(work -> (int) contestants.stream()
                        .filter(contestant -> hasTurn(round, contestant, work))
                        .count()))
                .sum();
    }

    private static IntStream rounds(KernelSettings settings) {
        return IntStream.rangeClosed(settings.quick() ? LAST_WARM_UP : FIRST_WARM_UP, settings.rounds());
    }

    private static boolean hasTurn(int round, Contestant contestant, Work work) {
        return contestant.takes().test(work) && (round >= LAST_WARM_UP || contestant.java());
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
        rounds(settings).forEach(round -> {
            for (Work work : settings.works()) {
                for (Contestant contestant : contestants) {
                    if (hasTurn(round, contestant, work)) {
                        turn(round, contestant, work);
                        progress.step(1);
                    }
                }
            }
            if (round >= LAST_WARM_UP) {
                progress.line(
                        round == LAST_WARM_UP
                                ? "kernels: warmed up"
                                : "kernels: round " + round + "/" + settings.rounds());
            }
        });
        return results;
    }

    private void turn(int round, Contestant contestant, Work work) {
        String name = contestant.name();
        Samples last = lastTurn.getOrDefault(work, Map.of()).get(name);
        if (gone.contains(name) || (round > LAST_WARM_UP && last == null)) {
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
            if (round > LAST_WARM_UP) {
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
        if (round <= LAST_WARM_UP) {
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
