package io.github.dl4jnorms.experiments.layernorm;

import io.github.dl4jnorms.experiments.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Both norms, fused and composed, over tensors of several sizes. */
final class Sweep {
    private static final int WARM_UP = 2;

    private Sweep() {}

    /** The size of a tensor. */
    record Shape(int batch, int length, int dim) {
        long elements() {
            return (long) batch * length * dim;
        }

        @Override
        public String toString() {
            return "(" + batch + ", " + length + ", " + dim + ")";
        }
    }

    /** What was measured at one size. */
    record Point(Shape shape, Times fused, Times composed) {
        /** Gigabytes a second that a norm reads and writes, counting each element once. */
        double bandwidth(Norm norm) {
            return shape.elements()
                    * Norm.BYTES_PER_ELEMENT
                    / fused.quartiles(norm).median()
                    / 1e6;
        }
    }

    /**
     * @param byLength ascending in the length
     * @param byDim    ascending in the dimension
     */
    record Result(List<Point> byLength, List<Point> byDim) {
        Stream<Point> all() {
            return Stream.concat(byLength.stream(), byDim.stream());
        }
    }

    static long work(LayernormSettings settings) {
        return Stream.concat(byLength(settings), byDim(settings))
                        .mapToLong(Shape::elements)
                        .sum()
                / UNIT;
    }

    /** Elements for a unit of progress. */
    private static final long UNIT = 1 << 18;

    static Result run(LayernormSettings settings, Progress progress) {
        Shape largest = Stream.concat(byLength(settings), byDim(settings))
                .max(Comparator.comparingLong(Shape::elements))
                .orElseThrow();
        int widest = Math.max(
                settings.sweepDim(),
                settings.dims().stream().max(Integer::compare).orElseThrow());
        Tensor room = Tensor.make(1, largest.elements() / widest, widest, settings.seed());
        // large ones first: what they leave behind is large enough for the others
        List<Point> byLength = new ArrayList<>(byLength(settings)
                .sorted(Comparator.comparingLong(Shape::elements).reversed())
                .map(shape -> measure(room, shape, settings, progress))
                .toList());
        List<Point> byDim = new ArrayList<>(byDim(settings)
                .sorted(Comparator.comparingLong(Shape::elements).reversed())
                .map(shape -> measure(room, shape, settings, progress))
                .toList());
        room.close();
        byLength.sort(Comparator.comparingInt(point -> point.shape().length()));
        byDim.sort(Comparator.comparingInt(point -> point.shape().dim()));
        return new Result(byLength, byDim);
    }

    private static Stream<Shape> byLength(LayernormSettings settings) {
        return settings.lengths().stream().map(length -> new Shape(settings.batch(), length, settings.sweepDim()));
    }

    private static Stream<Shape> byDim(LayernormSettings settings) {
        return settings.dims().stream().map(dim -> new Shape(settings.batch(), settings.length(), dim));
    }

    private static Point measure(Tensor room, Shape shape, LayernormSettings settings, Progress progress) {
        Tensor tensor = room.shaped(shape.batch(), shape.length(), shape.dim());
        Point point = new Point(
                shape,
                tensor.timeFused(WARM_UP, settings.sweepPasses()),
                tensor.timeComposed(1, settings.composedSweepPasses()));
        progress.step(shape.elements() / UNIT);
        progress.line(String.format(
                Locale.ROOT,
                "%s: fused %.1f and %.1f ms, composed %.1f and %.1f ms",
                shape,
                point.fused().quartiles(Norm.LAYER_NORM).median(),
                point.fused().quartiles(Norm.RMS_NORM).median(),
                point.composed().quartiles(Norm.LAYER_NORM).median(),
                point.composed().quartiles(Norm.RMS_NORM).median()));
        return point;
    }
}
