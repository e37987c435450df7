package io.github.dl4jnorms.kernel;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes the tiles that all kernels compute in. There are two: {@code scalar}, in plain loops, and {@code simd}, with the Vector
 * API, which is taken where Java was started with {@value #FLAG}.
 *
 * <p>The system property {@code dl4jnorms.simd=false} takes the scalar one everywhere.
 */
public abstract class Tiles {

    /** What lets Java find the Vector API. */
    public static final String FLAG = "--add-modules jdk.incubator.vector";

    /** Its source is in a folder of its own, compiled apart: it cannot be named here. */
    private static final String SIMD = "io.github.dl4jnorms.kernel.SimdTiles";

    private static volatile Tiles chosen = wanted() && vectorApi() ? simd() : new ScalarTiles();

    Tiles() {}

    /** The tiles of this process. */
    public static Tiles chosen() {
        return chosen;
    }

    /** Replaces the chosen tiles; for tests. Tiles that threads have made before stay in use. */
    static void choose(Tiles tiles) {
        chosen = tiles;
        Memory.forgetTiles();
    }

    /** Whether the Vector API is there. */
    static boolean vectorApi() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    static Tiles simd() {
        try {
            return (Tiles) Class.forName(SIMD).getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("simd: the vectors of this processor cannot be used", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("simd: the jar lacks " + SIMD, e);
        }
    }

    private static boolean wanted() {
        return !"false".equalsIgnoreCase(System.getProperty("dl4jnorms.simd"));
    }

    /** {@code scalar} or {@code simd}. */
    public abstract String name();

    abstract Tile floats(int capacity);

    abstract Tile doubles(int capacity);
}
