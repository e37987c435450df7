package io.github.dl4jnorms.samediff.attention;

/** The Gaussian error linear unit, {@code x Φ(x)} (Hendrycks and Gimpel, <a href="https://arxiv.org/abs/1606.08415">2016</a>). */
public enum Gelu {
    /** {@code x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))}: the approximation that BERT, GPT and DiT compute with. */
    TANH,
    /** {@code x/2 (1 + erf(x/√2))}: PyTorch's default. */
    EXACT
}
