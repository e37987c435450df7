package io.github.dl4jnorms.experiments.detect;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;

/** Arbiter's score of a run: the validation loss after its last epoch, the lower the better. */
@SuppressWarnings("deprecation") // DataProvider is what Arbiter hands over when a runner brings its own data
final class ValidationLoss implements ScoreFunction {
    @Override
    public double score(Object run, DataProvider data, Map<String, Object> parameters) {
        return ((RunResult) run).last().valLoss();
    }

    @Override
    public double score(Object run, Class<? extends DataSource> data, Properties properties) {
        return ((RunResult) run).last().valLoss();
    }

    @Override
    public boolean minimize() {
        return true;
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of(RunResult.class);
    }

    @Override
    public List<Class<?>> getSupportedDataTypes() {
        return List.of();
    }
}
