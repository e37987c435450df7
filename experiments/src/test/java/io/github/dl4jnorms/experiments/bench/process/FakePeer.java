package io.github.dl4jnorms.experiments.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * A process that answers without measuring: a turn with times by its number, backward with both passes', one at a row norm with
 * that it does not take it, and "end" with its end.
 */
public final class FakePeer {
    private FakePeer() {}

    public static void main(String[] args) throws IOException {
        System.out.println("a library's greeting");
        System.out.println(PeerProcess.MARK + PeerProcess.READY + "fake " + System.getProperty("fake", ""));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            System.out.println("a library's noise");
            if (line.equals("end") || line.contains("instance")) {
                System.exit(3);
            }
            String answer = line.contains("layer")
                    ? "not taken"
                    : line.contains("rms")
                            ? PeerProcess.FAILED + "no rms"
                            : (line.contains("backward") ? "both " : "") + number + "000000.0 " + number + "000000.0";
            System.out.println(PeerProcess.MARK + answer);
        }
    }
}
