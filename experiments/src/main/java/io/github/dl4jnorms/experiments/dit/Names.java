package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.samediff.dit.Conditioning;

/** What the report calls things. */
final class Names {
    private Names() {}

    static String of(Conditioning conditioning) {
        return switch (conditioning) {
            case ADALN_ZERO -> "adaLN-Zero";
            case ADALN -> "adaLN";
            case IN_CONTEXT -> "in context";
            case NONE -> "none";
        };
    }

    static String ofNorm(String norm) {
        return switch (norm) {
            case "ln" -> "LayerNorm";
            case "rms" -> "RMSNorm";
            case "bn" -> "BatchNorm";
            default -> norm.startsWith("gn") ? "GroupNorm" : norm;
        };
    }
}
