package io.github.dl4jnorms.experiments;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every verb takes; a picocli {@link Mixin}. */
public final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = "--quick",
            description = "The same experiment made small: about a minute, and numbers that prove nothing.")
    private boolean quick;

    @Option(names = "--out", paramLabel = "DIR", description = "Where the report goes (default: reports/VERB).")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of all randomness (default: ${DEFAULT-VALUE}).")
    private long seed;

    public boolean quick() {
        return quick;
    }

    /** The output folder; it need not exist yet. */
    public Path out() {
        Path folder = out == null ? Path.of("reports", verb.name()) : out;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ParameterException(verb.commandLine(), "--out takes a folder, got the file " + folder);
        }
        return folder;
    }

    public long seed() {
        return seed;
    }

    /** Checks of the verb's other options. */
    public OptionChecks checks() {
        return new OptionChecks(verb);
    }

    /** What was typed, as the report repeats it. */
    public String commandLine() {
        StringBuilder line = new StringBuilder("./norms");
        for (String arg : verb.root().commandLine().getParseResult().originalArgs()) {
            boolean plain = arg.matches("[\\w@%+=:,./-]+");
            line.append(' ').append(plain ? arg : "'" + arg.replace("'", "'\\''") + "'");
        }
        return line.toString();
    }
}
