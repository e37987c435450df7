package io.github.dl4jnorms.kernel;

/** {@link Tiles} with the Vector API. */
final class SimdTiles extends Tiles {

    @Override
    public String name() {
        return "simd";
    }

    @Override
    Tile floats(int capacity) {
        return new SimdFloatTile(capacity);
    }

    @Override
    Tile doubles(int capacity) {
        return new SimdDoubleTile(capacity);
    }
}
