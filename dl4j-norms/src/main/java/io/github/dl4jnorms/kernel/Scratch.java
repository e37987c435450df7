package io.github.dl4jnorms.kernel;

import java.util.ArrayDeque;
import java.util.Deque;

/** Arrays that a thread uses again and again: with many small rows, to make new ones costs a tenth of a norm's gradient. */
final class Scratch {

    private static final ThreadLocal<Deque<double[]>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

    private Scratch() {}

    /** An array of at least so many numbers, whatever they are. It is nobody else's until it is given back. */
    static double[] take(int length) {
        double[] array = FREE.get().poll();
        return array != null && array.length >= length ? array : new double[length];
    }

    static void giveBack(double[] array) {
        FREE.get().push(array);
    }
}
