package io.github.dl4jnorms.experiments;

import io.github.dl4jnorms.convert.NormSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of what a verb's options are given: each returns the value, or throws what becomes "wrong use". */
public record OptionChecks(CommandSpec verb) {

    /** What says that an option was given something wrong. */
    public ParameterException wrong(String option, String what) {
        return new ParameterException(verb.commandLine(), option + ": " + what);
    }

    public int atLeast(int least, String option, int value) {
        if (value < least) {
            throw wrong(option, "takes whole numbers from " + least + " up, got " + value);
        }
        return value;
    }

    public int multiple(int of, int least, String option, int value) {
        if (value < least || value % of != 0) {
            throw wrong(option, "takes a multiple of " + of + " from " + least + " up, got " + value);
        }
        return value;
    }

    public double positive(String option, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw wrong(option, "takes a positive number, got " + value);
        }
        return value;
    }

    public double share(String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw wrong(option, "takes a number from 0 to 1, got " + value);
        }
        return value;
    }

    public Path folder(String option, Path path) {
        if (!Files.isDirectory(path)) {
            throw wrong(option, (Files.exists(path) ? "not a folder: " : "no such folder: ") + path);
        }
        return path;
    }

    /** Names that {@link NormSpec} knows, each once, in lower case. */
    public List<String> norms(String option, List<String> names) {
        try {
            names.forEach(NormSpec::parse);
        } catch (IllegalArgumentException e) {
            throw wrong(option, e.getMessage());
        }
        return names.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }
}
