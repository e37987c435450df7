package io.github.dl4jnorms.experiments.layernorm;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A language whose entropy is known: sums of two two-digit numbers, {@code 74+58=231;} for 47 + 85 = 132. All numbers are
 * written from their last digit, so that each digit of the result depends on what is to the left of it alone. The four digits
 * before {@code =} are random, and the rest follows from them.
 */
final class Sums {
    static final String CHARACTERS = "0123456789+=;";

    /** Characters of a sum. */
    static final int LENGTH = 10;

    private static final int RANDOM_DIGITS = 4;

    private final int sums;
    private final Random random;

    /** @param sums in a sequence */
    Sums(int sums, Random random) {
        this.sums = sums;
        this.random = random;
    }

    /** The least loss that a model can have, in nats for each character: what the random digits are unknown by. */
    static double entropy() {
        return RANDOM_DIGITS * Math.log(10) / LENGTH;
    }

    String sum() {
        int a = random.nextInt(100);
        int b = random.nextInt(100);
        return reversed(a, 2) + "+" + reversed(b, 2) + "=" + reversed(a + b, 3) + ";";
    }

    private static String reversed(int number, int digits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digits; i++, number /= 10) {
            text.append(number % 10);
        }
        return text.toString();
    }

    /** Whether a character of a sum follows from those before it. */
    static boolean follows(int position) {
        return position != 0 && position != 1 && position != 3 && position != 4;
    }

    /** Sequences of characters as one-hot vectors, {@code [count, characters, length]}; each label is the next character. */
    DataSet batch(int count) {
        int length = sums * LENGTH;
        float[] features = new float[count * CHARACTERS.length() * length];
        float[] labels = new float[features.length];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder(";");
            for (int s = 0; s < sums; s++) {
                text.append(sum());
            }
            for (int t = 0; t < length; t++) {
                features[at(i, text.charAt(t), t, length)] = 1;
                labels[at(i, text.charAt(t + 1), t, length)] = 1;
            }
        }
        return new DataSet(shaped(features, count, length), shaped(labels, count, length));
    }

    private static int at(int example, char character, int t, int length) {
        return (example * CHARACTERS.length() + CHARACTERS.indexOf(character)) * length + t;
    }

    private static INDArray shaped(float[] values, int count, int length) {
        return Nd4j.create(values, new long[] {count, CHARACTERS.length(), length}, DataType.FLOAT);
    }
}
