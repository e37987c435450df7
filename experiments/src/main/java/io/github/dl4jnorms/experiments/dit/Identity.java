package io.github.dl4jnorms.experiments.dit;

import io.github.dl4jnorms.convert.NormSpec;
import io.github.dl4jnorms.samediff.dit.Conditioning;
import io.github.dl4jnorms.samediff.dit.DiTBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Whether untrained blocks give back what they are given, bit for bit: for random x and c of sizes from a thousandth to a thousand,
 * in evaluation and in training mode.
 */
record Identity(@JsonProperty("rows") List<Row> rows) {
    static final int SIZE = 32;
    static final int TOKENS = 16;
    static final int CONDITION = 24;
    static final int DEPTH = 6;
    private static final int HEADS = 8;
    private static final int AT_ONCE = 50;
    private static final double LARGEST_POWER = 3;

    /**
     * One kind of blocks.
     *
     * @param depth      blocks after one another
     * @param pairs      of x and c
     * @param equal      those whose output has the same bits as x, in both modes
     * @param difference the largest of an output's number from x's, as a share of the largest number in x
     */
    record Row(
            @JsonProperty("conditioning") Conditioning conditioning,
            @JsonProperty("norm") String norm,
            @JsonProperty("depth") int depth,
            @JsonProperty("pairs") int pairs,
            @JsonProperty("equal") int equal,
            @JsonProperty("difference") double difference) {}

    /** Kinds of blocks, each of which takes a unit of {@code step}. */
    static final int KINDS = 6;

    static Identity run(int pairs, long seed, Runnable step) {
        List<Row> rows = new ArrayList<>();
        for (String norm : List.of("ln", "rms", "gn8", "bn")) {
            rows.add(row(Conditioning.ADALN_ZERO, norm, 1, pairs, seed));
            step.run();
        }
        rows.add(row(Conditioning.ADALN_ZERO, "ln", DEPTH, pairs, seed));
        step.run();
        rows.add(row(Conditioning.ADALN, "ln", 1, pairs, seed));
        step.run();
        return new Identity(rows);
    }

    private static Row row(Conditioning conditioning, String norm, int depth, int pairs, long seed) {
        ComputationGraph blocks = blocks(conditioning, norm, depth, seed);
        SplittableRandom random = Streams.of(seed, 1);
        int equal = 0;
        double difference = 0;
        for (int done = 0; done < pairs; done += AT_ONCE) {
            int count = Math.min(AT_ONCE, pairs - done);
            INDArray x = random(random, count, SIZE, TOKENS);
            INDArray c = random(random, count, CONDITION);
            INDArray evaluated = blocks.output(false, x, c)[0].dup('c');
            INDArray trained = blocks.output(true, x, c)[0].dup('c');
            for (int i = 0; i < count; i++) {
                float[] given = numbers(x, i);
                double most =
                        Math.max(difference(given, numbers(evaluated, i)), difference(given, numbers(trained, i)));
                equal += sameBits(given, numbers(evaluated, i)) && sameBits(given, numbers(trained, i)) ? 1 : 0;
                difference = Math.max(difference, most);
            }
        }
        return new Row(conditioning, norm, depth, pairs, equal, difference);
    }

    private static ComputationGraph blocks(Conditioning conditioning, String norm, int depth, long seed) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .graphBuilder()
                .addInputs("x", "c")
                .setInputTypes(InputType.recurrent(SIZE, TOKENS), InputType.feedForward(CONDITION));
        String x = "x";
        for (int i = 0; i < depth; i++) {
            DiTBlock block = new DiTBlock.Builder()
                    .heads(HEADS)
                    .conditioning(conditioning)
                    .norm(NormSpec.parse(norm))
                    .build();
            graph.addVertex("block" + i, block, x, "c");
            x = "block" + i;
        }
        ComputationGraph network = new ComputationGraph(graph.setOutputs(x).build());
        network.init();
        return network;
    }

    /** Gaussian, each example of a size of its own. */
    private static INDArray random(SplittableRandom random, int count, long... shape) {
        long[] all = new long[shape.length + 1];
        all[0] = count;
        System.arraycopy(shape, 0, all, 1, shape.length);
        int length = Math.toIntExact(LongStream.of(all).reduce(1, Math::multiplyExact));
        INDArray array = Nd4j.create(Streams.gaussian(random, length), all, 'c');
        for (int i = 0; i < count; i++) {
            array.slice(i).muli(Math.pow(10, random.nextDouble(-LARGEST_POWER, LARGEST_POWER)));
        }
        return array;
    }

    private static float[] numbers(INDArray array, int example) {
        return array.slice(example).dup('c').data().asFloat();
    }

    private static boolean sameBits(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return true;
    }

    private static double difference(float[] x, float[] y) {
        double largest = 0;
        double most = 0;
        for (int i = 0; i < x.length; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
            most = Math.max(most, Math.abs(y[i] - x[i]));
        }
        return most / largest;
    }
}
