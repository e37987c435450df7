package io.github.dl4jnorms.experiments.report;

import io.github.dl4jnorms.experiments.Versions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What somebody needs to get a report's numbers again: the command line, the seed, versions and the machine.
 *
 * @param facts name to value, in the order of the report
 */
public record Provenance(Map<String, String> facts) {
    /** Of this process; loads ND4J's backend if nothing has yet. */
    public static Provenance of(String commandLine, long seed) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Command", commandLine);
        facts.put("Seed", Long.toString(seed));
        facts.put("dl4j-norms", Versions.ours());
        facts.put("Deeplearning4j", Versions.dl4j());
        facts.put(
                "ND4J backend",
                Nd4j.getBackend().getClass().getSimpleName() + ", BLAS "
                        + Nd4j.getExecutioner().getEnvironmentInformation().getProperty("blas.vendor"));
        facts.put(
                "JVM",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("Processor", Machine.cpu() + ", " + Machine.cores() + " cores");
        facts.put("Memory", Machine.gigabytes(Machine.memory()));
        return new Provenance(facts);
    }
}
