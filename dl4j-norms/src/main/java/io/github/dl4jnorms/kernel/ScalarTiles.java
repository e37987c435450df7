package io.github.dl4jnorms.kernel;

/** {@link Tiles} in plain loops. */
final class ScalarTiles extends Tiles {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    Tile floats(int capacity) {
        return new FloatTile(capacity);
    }

    @Override
    Tile doubles(int capacity) {
        return new DoubleTile(capacity);
    }
}
