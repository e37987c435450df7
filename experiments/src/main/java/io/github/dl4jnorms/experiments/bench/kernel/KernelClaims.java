package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.Work.Direction;
import io.github.dl4jnorms.experiments.bench.kernel.Work.Shape;
import io.github.dl4jnorms.experiments.report.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How fast the kernels are meant to be, judged by what was measured; what was not is left out. */
final class KernelClaims {
    private static final double SMALL_LIMIT = 20e3;
    private static final double SCALAR_LIMIT = 4;
    private static final Shape LAYER = Works.RESNET.get(0);
    private static final double LAYER_LIMIT = 1.3;

    private final KernelTimes times;
    private final List<Claim> claims = new ArrayList<>();

    private KernelClaims(KernelTimes times) {
        this.times = times;
    }

    static List<Claim> judge(KernelTimes times) {
        return new KernelClaims(times).judge();
    }

    /** The peer that ours is compared with, which may depend on the work. */
    private record Opponent(String title, Function<Work, Optional<Map.Entry<String, Double>>> time) {}

    private List<Claim> judge() {
        Opponent memcpy = new Opponent("memcpy", work -> times.limit(work).map(time -> Map.entry("memcpy", time)));
        Opponent layerNorm = peer("LayerNorm", KernelBench.OURS, work -> as(Norm.LAYER, work));
        Opponent nd4j = peer("ND4J's layer_norm", KernelBench.ND4J, Function.identity());
        Opponent dl4j = peer("DL4J's BatchNormalization", KernelBench.DL4J, work -> as(Norm.BATCH, work));
        Opponent libtorch = new Opponent("libtorch", this::libtorch);
        Opponent composed = new Opponent("libtorch's, composed of operations", this::libtorch);
        List<Shape> large = List.of(Works.LARGE);
        ratio(Norm.LAYER, Direction.FORWARD, large, memcpy, 1.5);
        ratio(Norm.LAYER, Direction.FORWARD, large, libtorch, 0.95);
        ratio(Norm.LAYER, Direction.FORWARD, large, nd4j, 0.06);
        ratio(Norm.RMS, Direction.FORWARD, large, memcpy, 1.35);
        ratio(Norm.RMS, Direction.FORWARD, large, layerNorm, 1);
        ratio(Norm.RMS, Direction.FORWARD, large, composed, 0.5);
        ratio(Norm.LAYER, Direction.BACKWARD, large, memcpy, 2.6);
        ratio(Norm.LAYER, Direction.BACKWARD, large, libtorch, 0.95);
        ratio(Norm.RMS, Direction.BACKWARD, large, memcpy, 2.6);
        ratio(Norm.RMS, Direction.BACKWARD, large, composed, 0.95);
        for (Norm norm : List.of(Norm.GROUP, Norm.BATCH)) {
            for (Direction direction : Direction.values()) {
                ratio(norm, direction, Works.RESNET, libtorch, 1);
                ratio(norm, direction, Works.RESNET, dl4j, 0.05);
            }
        }
        layer();
        small();
        scalar();
        return claims;
    }

    private static Work as(Norm norm, Work work) {
        return new Work(norm, work.direction(), work.shape());
    }

    private Opponent peer(String title, String name, Function<Work, Work> at) {
        return new Opponent(title, work -> times.median(name, at.apply(work)).map(time -> Map.entry(name, time)));
    }

    /** The faster of the two ways to libtorch. */
    private Optional<Map.Entry<String, Double>> libtorch(Work work) {
        return Stream.of(KernelBench.TORCH, KernelBench.DJL)
                .flatMap(name -> times.median(name, work).stream().map(time -> Map.entry(name, time)))
                .min(Comparator.comparingDouble(Map.Entry::getValue));
    }

    /** At every one of these shapes that was measured, ours takes at most so many times the opponent's time. */
    private void ratio(Norm norm, Direction direction, List<Shape> shapes, Opponent opponent, double limit) {
        List<String> evidence = new ArrayList<>();
        boolean holds = true;
        for (Shape shape : shapes) {
            Work work = new Work(norm, direction, shape);
            Optional<Double> ours = times.median(KernelBench.OURS, work);
            Optional<Map.Entry<String, Double>> other = opponent.time().apply(work);
            if (ours.isPresent() && other.isPresent()) {
                double ratio = ours.get() / other.get().getValue();
                holds &= ratio <= limit;
                evidence.add(String.format(
                        Locale.ROOT,
                        "%s: %s ms against %s ms of %s, %.3g×",
                        shape,
                        Milliseconds.text(ours.get()),
                        Milliseconds.text(other.get().getValue()),
                        other.get().getKey(),
                        ratio));
            }
        }
        if (!evidence.isEmpty()) {
            String what = shapes.size() == 1 ? "at " + shapes.get(0) : "at ResNet's shapes";
            claims.add(new Claim(
                    norm.title() + " " + direction + " " + what + " takes at most " + limit + "× the time of "
                            + opponent.title(),
                    holds,
                    String.join("; ", evidence)));
        }
    }

    /** What DL4J's way to run a layer adds to its operations. */
    private void layer() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Norm norm : List.of(Norm.GROUP, Norm.BATCH)) {
            Work backward = new Work(norm, Direction.BACKWARD, LAYER);
            times.ratio(KernelBench.LAYER, KernelBench.OURS, backward.turned())
                    .ifPresent(ratio -> ratios.put(norm.title() + " forward", ratio));
            // both passes together: the layer's backward pass alone would be a difference of two noisy times
            times.bothPasses(KernelBench.LAYER, backward)
                    .flatMap(layer ->
                            times.bothPasses(KernelBench.OPERATIONS, backward).map(operations -> layer / operations))
                    .ifPresent(ratio -> ratios.put(norm.title() + " forward and backward", ratio));
        }
        if (!ratios.isEmpty()) {
            claims.add(new Claim(
                    "At " + LAYER + " a norm as a DL4J layer takes at most " + LAYER_LIMIT
                            + "× the time of its operations",
                    ratios.values().stream().allMatch(ratio -> ratio <= LAYER_LIMIT),
                    ratios.entrySet().stream()
                            .map(e -> String.format(Locale.ROOT, "%s %.3g×", e.getKey(), e.getValue()))
                            .collect(Collectors.joining(", "))));
        }
    }

    private void small() {
        times.median(KernelBench.OURS, new Work(Norm.LAYER, Direction.FORWARD, Works.SMALL))
                .ifPresent(time -> claims.add(new Claim(
                        "LayerNorm forward at " + Works.SMALL + " through Norms takes at most 20 µs",
                        time <= SMALL_LIMIT,
                        String.format(Locale.ROOT, "%.1f µs", time / 1e3))));
    }

    private void scalar() {
        times.works().stream()
                .filter(work ->
                        times.ratio(KernelBench.SCALAR, KernelBench.OURS, work).isPresent())
                .max(Comparator.comparingDouble(this::slowdown))
                .ifPresent(worst -> claims.add(new Claim(
                        "Plain loops take at most 4× the time of the Vector API's",
                        slowdown(worst) <= SCALAR_LIMIT,
                        String.format(Locale.ROOT, "worst: %s, %.3g×", worst, slowdown(worst)))));
    }

    private double slowdown(Work work) {
        return times.ratio(KernelBench.SCALAR, KernelBench.OURS, work).orElseThrow();
    }
}
