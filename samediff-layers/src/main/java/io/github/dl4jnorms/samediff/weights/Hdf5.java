package io.github.dl4jnorms.samediff.weights;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of float or double of an HDF5 file, such as Keras' {@code .h5} of weights, by their paths:
 * {@code block1_conv1/block1_conv1_W_1:0}. Scalars and arrays of other types are passed over.
 */
public final class Hdf5 implements TensorFile {

    private final Path file;
    private final Map<String, long[]> shapes;

    private Hdf5(Path file, Map<String, long[]> shapes) {
        this.file = file;
        this.shapes = shapes;
    }

    /**
     * Reads which arrays a file has.
     *
     * @throws IllegalArgumentException if there is no such file, or it is no HDF5 file
     */
    public static Hdf5 open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such file");
        }
        Map<String, long[]> shapes = new LinkedHashMap<>();
        with(file, hdf -> {
            collect(hdf, shapes);
            return null;
        });
        return new Hdf5(file, Collections.unmodifiableMap(shapes));
    }

    private static void collect(Group group, Map<String, long[]> shapes) {
        for (Node node : group) {
            if (node instanceof Group inner) {
                collect(inner, shapes);
            } else if (node instanceof Dataset dataset && isFloating(dataset) && !dataset.isScalar()) {
                int[] shape = dataset.getDimensions();
                shapes.put(
                        node.getPath().substring(1),
                        Arrays.stream(shape).asLongStream().toArray());
            }
        }
    }

    private static boolean isFloating(Dataset dataset) {
        Class<?> type = dataset.getJavaType();
        return type == float.class || type == double.class;
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public long[] shape(String name) {
        require(List.of(name));
        return shapes.get(name).clone();
    }

    @Override
    public INDArray get(String name) {
        long[] shape = shape(name);
        Object flat = with(file, hdf -> hdf.getDatasetByPath(name).getDataFlat());
        return flat instanceof float[] floats
                ? Nd4j.create(floats, shape, 'c')
                : Nd4j.create((double[]) flat, shape, 'c').castTo(DataType.FLOAT);
    }

    /** jhdf throws many kinds of exceptions for a damaged file. */
    private static <T> T with(Path file, Function<HdfFile, T> reader) {
        try (HdfFile hdf = new HdfFile(file)) {
            return reader.apply(hdf);
        } catch (HdfException | IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new IllegalArgumentException(
                    file + ": is no HDF5 file, or a damaged one (" + e.getMessage() + ")", e);
        }
    }
}
