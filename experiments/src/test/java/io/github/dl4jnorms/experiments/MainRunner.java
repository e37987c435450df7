package io.github.dl4jnorms.experiments;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Runs the command line inside the test's JVM and keeps what it prints. */
public final class MainRunner {
    private String out;
    private String err;

    /** Returns the exit code. */
    public int run(String... args) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        StringWriter errors = new StringWriter();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            return Main.commandLine()
                    .setOut(new PrintWriter(System.out, true))
                    .setErr(new PrintWriter(errors))
                    .execute(args);
        } finally {
            System.setOut(before);
            out = printed.toString(StandardCharsets.UTF_8);
            err = errors.toString().stripTrailing();
        }
    }

    /** Standard output of the last run. */
    public String out() {
        return out;
    }

    /** Standard error of the last run. */
    public String err() {
        return err;
    }
}
