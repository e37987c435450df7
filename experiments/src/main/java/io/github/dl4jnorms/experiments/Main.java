package io.github.dl4jnorms.experiments;

import io.github.dl4jnorms.experiments.adain.AdainCommand;
import io.github.dl4jnorms.experiments.batchnorm.BatchnormCommand;
import io.github.dl4jnorms.experiments.bench.BenchCommand;
import io.github.dl4jnorms.experiments.detect.DetectCommand;
import io.github.dl4jnorms.experiments.dit.DitCommand;
import io.github.dl4jnorms.experiments.gradcheck.GradcheckCommand;
import io.github.dl4jnorms.experiments.layernorm.LayernormCommand;
import io.github.dl4jnorms.experiments.weightnorm.WeightnormCommand;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * {@code ./norms VERB}: runs one experiment.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong use. Whatever goes wrong is one line on standard error, {@code norms: …};
 * the system property {@code norms.debug} adds the stack trace.
 */
@Command(
        name = "norms",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        description = "The laboratory of dl4j-norms: every verb is an experiment that writes a report.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            BatchnormCommand.class,
            LayernormCommand.class,
            WeightnormCommand.class,
            DetectCommand.class,
            AdainCommand.class,
            DitCommand.class,
            BenchCommand.class,
            GradcheckCommand.class
        },
        footer = {
            "",
            "Each verb's own options: ./norms VERB --help",
            "Exit codes: 0 done, whether its claims hold or not; 1 failed; 2 wrong use."
        })
public final class Main implements Runnable {
    private static final String DEBUG = "norms.debug";

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with our exit codes and messages; tests run it without leaving the JVM. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no verb given; takes one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static int wrongUse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String help = command.getCommandSpec().qualifiedName() + " --help";
        tell(command.getErr(), oneLine(e.getMessage()) + " (see ./" + help + ")", e);
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        tell(command.getErr(), describe(e), e);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void tell(PrintWriter err, String line, Exception e) {
        err.println("norms: " + line);
        if (Boolean.getBoolean(DEBUG)) {
            e.printStackTrace(err);
        }
        err.flush();
    }

    /** What our own code throws on purpose speaks for itself; anything else is named by its class. */
    public static String describe(Throwable e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        String message = cause.getMessage() == null ? "" : oneLine(cause.getMessage());
        boolean ours = cause instanceof ExperimentException || cause instanceof IllegalArgumentException;
        return ours && !message.isEmpty()
                ? message
                : cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"norms " + Versions.ours() + " (Deeplearning4j " + Versions.dl4j() + ")"};
        }
    }
}
