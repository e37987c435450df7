package io.github.dl4jnorms.experiments.bench.kernel;

import io.github.dl4jnorms.experiments.bench.kernel.Work.Direction;
import io.github.dl4jnorms.experiments.bench.kernel.Work.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the norms are measured at: from what a core's cache holds to 256 MiB. */
public final class Works {
    /** A small one, whose time is that of the call. */
    public static final Shape SMALL = Shape.parse("32x768");

    /** A large language model's activations: 16,384 rows, 256 MiB. */
    public static final Shape LARGE = Shape.parse("8x2048x4096");

    /** Activations of ResNet-50. */
    public static final List<Shape> RESNET = shapes("8x64x56x56", "8x256x32x32", "32x512x8x8");

    private static final List<Shape> ROWS =
            List.of(SMALL, Shape.parse("256x1024"), Shape.parse("4096x1024"), Shape.parse("4096x4096"), LARGE);
    private static final List<Shape> CHANNELS = Stream.of(
                    shapes("1x64x16x16"), RESNET, shapes("8x256x64x64", "64x256x64x64"))
            .flatMap(List::stream)
            .toList();
    private static final List<Shape> QUICK_ROWS = List.of(SMALL, Shape.parse("4096x1024"));
    private static final List<Shape> QUICK_CHANNELS = RESNET.subList(0, 1);

    /** Where plain loops are measured too: in the cache of a core, and of all of them. */
    private static final Set<Shape> SCALAR = Set.of(Shape.parse("256x1024"), Shape.parse("4096x1024"), RESNET.get(0));

    private static final Set<Shape> QUICK_SCALAR = Set.of(SMALL, RESNET.get(0));

    private Works() {}

    private static List<Shape> shapes(String... texts) {
        return Stream.of(texts).map(Shape::parse).toList();
    }

    /** All work with these norms, neighbours that have the same shape. */
    public static List<Work> of(Collection<Norm> norms, boolean quick) {
        List<Work> works = new ArrayList<>();
        addTo(works, norms, true, quick ? QUICK_ROWS : ROWS);
        addTo(works, norms, false, quick ? QUICK_CHANNELS : CHANNELS);
        return works;
    }

    private static void addTo(List<Work> works, Collection<Norm> norms, boolean perRow, List<Shape> shapes) {
        for (Shape shape : shapes) {
            for (Direction direction : Direction.values()) {
                norms.stream()
                        .filter(norm -> norm.perRow() == perRow)
                        .forEach(norm -> works.add(new Work(norm, direction, shape)));
            }
        }
    }

    /** Whether the scalar kernels are measured at it too. */
    static boolean scalar(Work work, boolean quick) {
        return (quick ? QUICK_SCALAR : SCALAR).contains(work.shape());
    }
}
