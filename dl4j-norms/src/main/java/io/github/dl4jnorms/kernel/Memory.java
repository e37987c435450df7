package io.github.dl4jnorms.kernel;

import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * A run of numbers outside the heap, float or double, that tiles are read from and written to. Thread-safe: positions are
 * absolute.
 *
 * @param buffer a {@link FloatBuffer} or a {@link DoubleBuffer}, from position 0 to its capacity
 */
public record Memory(Buffer buffer) {

    private static volatile ThreadLocal<Tile[]> floatTiles = ThreadLocal.withInitial(() -> new Tile[Tile.SLOTS]);
    private static volatile ThreadLocal<Tile[]> doubleTiles = ThreadLocal.withInitial(() -> new Tile[Tile.SLOTS]);

    public Memory {
        if (!(buffer instanceof FloatBuffer) && !(buffer instanceof DoubleBuffer)) {
            throw new IllegalArgumentException("buffer: takes a FloatBuffer or a DoubleBuffer, received " + buffer);
        }
    }

    static void forgetTiles() {
        floatTiles = ThreadLocal.withInitial(() -> new Tile[Tile.SLOTS]);
        doubleTiles = ThreadLocal.withInitial(() -> new Tile[Tile.SLOTS]);
    }

    FloatBuffer floats() {
        return (FloatBuffer) buffer;
    }

    DoubleBuffer doubles() {
        return (DoubleBuffer) buffer;
    }

    boolean isFloat() {
        return buffer instanceof FloatBuffer;
    }

    /** This thread's tile of this memory's type; {@code slot} tells tiles apart that are in use together. */
    Tile tile(int slot) {
        Tile[] tiles = (isFloat() ? floatTiles : doubleTiles).get();
        if (tiles[slot] == null) {
            tiles[slot] = newTile(Tile.CAPACITY);
        }
        return tiles[slot];
    }

    /** A new tile of this memory's type, of zeros. */
    Tile newTile(int capacity) {
        return isFloat() ? Tiles.chosen().floats(capacity) : Tiles.chosen().doubles(capacity);
    }
}
