package io.github.dl4jnorms.execution;

import io.github.dl4jnorms.kernel.Memory;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An array of any order, view, stride or floating-point type as the kernels take it: row-major memory of floats or doubles.
 * The array itself where it is that already, a copy otherwise.
 *
 * @param original the array
 * @param array its elements in row-major order
 */
public record Contiguous(INDArray original, INDArray array) {

    /** Elements that a loop has copied before ND4J has begun. */
    private static final int SMALL = 1 << 12;

    /** The elements of {@code x} to read. */
    public static Contiguous read(INDArray x) {
        INDArray computable = isComputable(x) ? x : x.castTo(DataType.FLOAT);
        if (isRowMajor(computable)) {
            return new Contiguous(x, computable);
        }
        INDArray copy = Nd4j.createUninitialized(computable.dataType(), x.shape(), 'c');
        if (!TransposedCopy.gather(computable, copy)) {
            copy.assign(computable);
        }
        return new Contiguous(x, copy);
    }

    /** Room for the elements of {@code out}; {@link #finish} brings them there. */
    public static Contiguous write(INDArray out) {
        if (isComputable(out) && isRowMajor(out)) {
            return new Contiguous(out, out);
        }
        DataType type = isComputable(out) ? out.dataType() : DataType.FLOAT;
        return new Contiguous(out, Nd4j.createUninitialized(type, out.shape(), 'c'));
    }

    /** The elements of {@code x} to change; {@link #finish} brings them back. */
    public static Contiguous update(INDArray x) {
        return new Contiguous(x, read(x).array);
    }

    /** Brings what was computed to where it is wanted. */
    public void finish() {
        if (original != array && !(isComputable(original) && TransposedCopy.scatter(array, original))) {
            original.assign(array);
        }
        keep();
    }

    /**
     * Keeps the memory until here: ND4J frees an array that Java code no longer refers to, and a kernel refers to its address
     * only.
     */
    public void keep() {
        Reference.reachabilityFence(this);
    }

    /** The memory of {@link #array}, for a kernel; valid until {@link #keep} or {@link #finish}. */
    public Memory memory() {
        return memory(array, array.length());
    }

    /** The memory from an array's first element on. */
    static Memory memory(INDArray array, long length) {
        long bytes = length * array.dataType().width();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("x: takes up to 2 GiB, received " + bytes + " bytes");
        }
        PagedPointer start = new PagedPointer(address(array));
        return array.dataType() == DataType.FLOAT
                ? new Memory(start.asFloatPointer().capacity(length).asBuffer())
                : new Memory(start.asDoublePointer().capacity(length).asBuffer());
    }

    /** Where the first element is. */
    public long address() {
        return address(array);
    }

    private static long address(INDArray array) {
        // a view's buffer points at the start of the array that it is a view of
        return array.data().pointer().address()
                + array.offset() * array.dataType().width();
    }

    /** The elements of an array in row-major order, or null for null. */
    public static double[] doubles(INDArray array) {
        if (array == null) {
            return null;
        }
        Contiguous elements = read(array);
        Indexer indexer = elements.indexer();
        double[] values = new double[Math.toIntExact(array.length())];
        if (indexer instanceof FloatIndexer floats) {
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.get(i);
            }
        } else {
            ((DoubleIndexer) indexer).get(0, values);
        }
        elements.keep();
        return values;
    }

    /** Copies values into an array of as many elements, in row-major order. */
    public static void store(double[] values, INDArray out) {
        Contiguous elements = write(out);
        Indexer indexer = elements.indexer();
        if (indexer instanceof FloatIndexer floats) {
            for (int i = 0; i < values.length; i++) {
                floats.put(i, (float) values[i]);
            }
        } else {
            ((DoubleIndexer) indexer).put(0, values);
        }
        elements.finish();
    }

    /** {@code to.assign(from)}, without ND4J's detours if the arrays are small. */
    public static void copy(INDArray from, INDArray to) {
        if (isSmall(from) && isSmall(to)) {
            store(doubles(from), to);
        } else {
            to.assign(from);
        }
    }

    /** {@code to.assign(0)}, without ND4J's detours if the array is small. */
    public static void clear(INDArray to) {
        if (isSmall(to)) {
            store(new double[(int) to.length()], to);
        } else {
            to.assign(0);
        }
    }

    private static boolean isSmall(INDArray x) {
        return x.length() <= SMALL && isComputable(x) && isRowMajor(x);
    }

    /** The elements one by one, without the native call that makes a {@link Memory}. ND4J's own loops take many times as long. */
    private Indexer indexer() {
        PagedPointer start = new PagedPointer(address());
        return array.dataType() == DataType.FLOAT
                ? FloatIndexer.create(start.asFloatPointer().capacity(array.length()))
                : DoubleIndexer.create(start.asDoublePointer().capacity(array.length()));
    }

    private static boolean isComputable(INDArray x) {
        return x.dataType() == DataType.FLOAT || x.dataType() == DataType.DOUBLE;
    }

    private static boolean isRowMajor(INDArray x) {
        return Arrays.equals(x.stride(), ArrayUtil.calcStrides(x.shape()));
    }
}
