package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.samediff.dit.Conditioning;
import java.math.BigDecimal;

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

    /** A strength of guidance. */
    static String ofGuidance(double strength) {
        return "w = " + BigDecimal.valueOf(strength).stripTrailingZeros().toPlainString();
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
