package io.github.dl4jnorms.gradcheck;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's DenseLayer with one thing done wrong. */
class FaultyDense extends DenseLayer {

    enum Fault {
        NONE,
        BIAS_TOO_LARGE,
        NOT_A_NUMBER,
        NO_BIAS_GRADIENT,
        OUTSIDE_OF_THE_VIEW,
        NO_INPUT_GRADIENT,
        SHAPE_OF_THE_INPUT_GRADIENT,
        DIFFERENT_EACH_TIME,
        WRITES_INTO_ITS_INPUT,
        WRITES_INTO_ITS_WEIGHTS,
        RANDOM_OUTPUT
    }

    private final Fault fault;

    FaultyDense(Fault fault) {
        this.fault = fault;
        setNOut(2);
        setActivationFn(new ActivationTanH());
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray view,
            boolean initialize,
            DataType type) {
        Runtime layer = new Runtime(conf, type, fault);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(view);
        layer.setParamTable(initializer().init(conf, view, initialize));
        return layer;
    }

    private static final class Runtime extends org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer {

        private final Fault fault;
        private int calls;

        Runtime(NeuralNetConfiguration conf, DataType type, Fault fault) {
            super(conf, type);
            this.fault = fault;
        }

        @Override
        public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
            INDArray y = super.activate(training, workspaces);
            return fault == Fault.RANDOM_OUTPUT ? y.addi(1e-3 * calls++) : y;
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            Pair<Gradient, INDArray> right = super.backpropGradient(epsilon, workspaces);
            Gradient gradient = right.getFirst();
            INDArray bias = gradient.getGradientFor("b");
            INDArray dx = right.getSecond();
            switch (fault) {
                case BIAS_TOO_LARGE -> bias.muli(1.1);
                case NOT_A_NUMBER -> bias.putScalar(1, Double.NaN);
                case NO_BIAS_GRADIENT -> {
                    Gradient weights = new DefaultGradient();
                    weights.setGradientFor("W", gradient.getGradientFor("W"));
                    gradient = weights;
                }
                case OUTSIDE_OF_THE_VIEW ->
                    gradient.setGradientFor("b", bias.dup().detach());
                case NO_INPUT_GRADIENT -> dx = null;
                case SHAPE_OF_THE_INPUT_GRADIENT ->
                    dx = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, dx.reshape(1, dx.length()));
                case DIFFERENT_EACH_TIME -> dx.muli(1 + 1e-6 * calls++);
                case WRITES_INTO_ITS_INPUT -> input.muli(1.001);
                case WRITES_INTO_ITS_WEIGHTS -> getParam("W").muli(1.001);
                default -> {}
            }
            return new Pair<>(gradient, dx);
        }
    }
}
