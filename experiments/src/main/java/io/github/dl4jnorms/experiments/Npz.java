package io.github.dl4jnorms.experiments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** NumPy's {@code .npz} among the resources, compressed or not; ND4J's own reader takes files only, and not compressed ones. */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /**
     * The arrays by their names.
     *
     * @param owner the class beside whose package the resource lies
     */
    public static Map<String, INDArray> read(Class<?> owner, String resource) {
        InputStream in = owner.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalArgumentException(
                    "resource: takes the name of one beside " + owner.getName() + ", received " + resource);
        }
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                arrays.put(
                        name.substring(0, name.length() - SUFFIX.length()),
                        Nd4j.createNpyFromInputStream(new ByteArrayInputStream(zip.readAllBytes())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
        return arrays;
    }
}
