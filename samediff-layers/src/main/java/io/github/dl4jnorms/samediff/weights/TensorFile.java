package io.github.dl4jnorms.samediff.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A file of named arrays, of which each is read when it is asked for. */
public interface TensorFile {

    /**
     * Opens a file by its extension: {@code .safetensors}, or {@code .h5} and {@code .hdf5}.
     *
     * @throws IllegalArgumentException if there is no such file, or it is of another kind, or damaged
     */
    static TensorFile open(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return Safetensors.open(file);
        }
        if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            return Hdf5.open(file);
        }
        throw new IllegalArgumentException(file + ": takes a file named .safetensors, .h5 or .hdf5");
    }

    /** The file. */
    Path path();

    /** The names of all arrays. */
    Set<String> names();

    /**
     * The shape of an array.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    long[] shape(String name);

    /**
     * Reads an array, as FLOAT whatever the file's type, row-major.
     *
     * @throws IllegalArgumentException if there is none of this name, or it is damaged
     */
    INDArray get(String name);

    /**
     * Throws an {@link IllegalArgumentException} that lists the arrays which are not there, if any.
     */
    default void require(List<String> wanted) {
        String missing = wanted.stream().filter(name -> !names().contains(name)).collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(path() + ": has no " + missing + "; it has " + abbreviated(names()));
        }
    }

    private static String abbreviated(Set<String> names) {
        int shown = 8;
        String list = names.stream().limit(shown).collect(Collectors.joining(", "));
        return names.isEmpty() ? "nothing" : names.size() > shown ? list + ", … (" + names.size() + ")" : list;
    }
}
