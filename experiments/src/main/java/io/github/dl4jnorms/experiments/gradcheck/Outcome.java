package io.github.dl4jnorms.experiments.gradcheck;

import io.github.dl4jnorms.experiments.Main;
import io.github.dl4jnorms.gradcheck.ArrayResult;
import io.github.dl4jnorms.gradcheck.GradientCheckResult;
import java.util.List;
import java.util.Locale;

/**
 * What became of a case: numbers, and what is wrong beside them.
 *
 * @param subject the case
 * @param checked entries compared
 * @param worst name of the parameter or input with the largest error
 * @param error that error, infinite if there is none to speak of
 * @param faults sentences
 * @param passed the verdict
 */
record Outcome(Case subject, int checked, String worst, double error, List<String> faults, boolean passed) {

    static Outcome of(Case subject) {
        try {
            GradientCheckResult result = subject.check().run();
            return new Outcome(
                    subject,
                    result.checked(),
                    result.worst().map(ArrayResult::name).orElse(""),
                    result.maxRelativeError(),
                    result.faults(),
                    result.passed());
        } catch (RuntimeException e) {
            return new Outcome(subject, 0, "", Double.POSITIVE_INFINITY, List.of("throws " + Main.describe(e)), false);
        }
    }

    String verdict() {
        return passed ? "PASS" : "FAIL";
    }

    String errorText() {
        return Double.isFinite(error) ? String.format(Locale.ROOT, "%.1e", error) : "–";
    }
}
