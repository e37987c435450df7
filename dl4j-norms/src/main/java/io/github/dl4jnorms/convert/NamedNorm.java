package io.github.dl4jnorms.convert;

import io.github.dl4jnorms.layer.BatchNorm;
import io.github.dl4jnorms.layer.GroupNorm;
import io.github.dl4jnorms.layer.InstanceNorm;
import io.github.dl4jnorms.layer.LayerNorm;
import io.github.dl4jnorms.layer.NormLayer;
import io.github.dl4jnorms.layer.RMSNorm;
import java.math.BigDecimal;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The norms that have a name, one line each: the name, what may follow it, and the layer. */
enum NamedNorm {
    BATCH_NORM("bn", Argument.DECAY, decay -> new BatchNorm.Builder().decay(decay)),
    FROZEN_BATCH_NORM("frozen_bn", Argument.NOTHING, nothing -> new BatchNorm.Builder().frozen(true)),
    GROUP_NORM("gn", Argument.GROUPS, groups -> new GroupNorm.Builder().groups((int) groups)),
    LAYER_NORM("ln", Argument.NOTHING, nothing -> new LayerNorm.Builder()),
    RMS_NORM("rms", Argument.NOTHING, nothing -> new RMSNorm.Builder()),
    INSTANCE_NORM("in", Argument.NOTHING, nothing -> new InstanceNorm.Builder()),
    NONE("none", Argument.NOTHING, nothing -> null);

    static final double DEFAULT_DECAY = 0.9;

    private enum Argument {
        NOTHING("", "()", 0),
        GROUPS("[GROUPS]", "([1-9]\\d{0,5})?", 32),
        DECAY("[@DECAY]", "(?:@([01]|0?\\.\\d{1,40}))?", DEFAULT_DECAY);

        private final String form;
        private final String pattern;
        private final double standard;

        Argument(String form, String pattern, double standard) {
            this.form = form;
            this.pattern = pattern;
            this.standard = standard;
        }
    }

    private final String word;
    private final Argument argument;
    private final DoubleFunction<NormLayer.Builder<?>> builder;
    private final Pattern pattern;

    NamedNorm(String word, Argument argument, DoubleFunction<NormLayer.Builder<?>> builder) {
        this.word = word;
        this.argument = argument;
        this.builder = builder;
        this.pattern = Pattern.compile(word + argument.pattern);
    }

    /** How its names look: {@code gn[GROUPS]}. */
    String form() {
        return word + argument.form;
    }

    /** The argument that a name of this norm states or leaves to the default; empty if it is no name of this norm. */
    OptionalDouble parse(String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches()) {
            return OptionalDouble.empty();
        }
        String stated = matcher.group(1);
        return OptionalDouble.of(stated == null || stated.isEmpty() ? argument.standard : Double.parseDouble(stated));
    }

    /** The shortest name with this argument; the number of groups is always stated. */
    String print(double value) {
        return switch (argument) {
            case NOTHING -> word;
            case GROUPS -> word + (int) value;
            case DECAY ->
                value == argument.standard
                        ? word
                        : word + "@"
                                + BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        };
    }

    NormLayer.Builder<?> builder(double value) {
        return builder.apply(value);
    }

    /** Whether it has running statistics that follow those of the batches. */
    boolean hasDecay() {
        return argument == Argument.DECAY;
    }
}
