package io.github.dl4jnorms.op;

/** While open, graphs are built of SameDiff's operations, as where the fused ones cannot run. */
public final class ComposedForm implements AutoCloseable {

    private ComposedForm() {}

    /** The composed form if {@code composed}, else the fused one. */
    public static ComposedForm use(boolean composed) {
        Fused.choose(!composed);
        return new ComposedForm();
    }

    @Override
    public void close() {
        Fused.choose(true);
    }
}
