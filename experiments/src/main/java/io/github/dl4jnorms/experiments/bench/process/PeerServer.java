package io.github.dl4jnorms.experiments.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** The other side of a {@link PeerProcess}, in Java. */
public final class PeerServer {
    private PeerServer() {}

    /**
     * Answers until there are no more questions, and ends the process. What fails is answered with the reason.
     *
     * @param greeting what this process is
     */
    public static void serve(String greeting, UnaryOperator<String> answer) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        answers.println(PeerProcess.MARK + PeerProcess.READY + greeting);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String text;
            try {
                text = answer.apply(line);
            } catch (RuntimeException e) {
                e.printStackTrace();
                text = PeerProcess.FAILED + e.toString().lines().findFirst().orElse("");
            }
            answers.println(PeerProcess.MARK + text);
        }
        System.exit(0); // pools of threads would keep it alive
    }
}
