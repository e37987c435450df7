package io.github.dl4jnorms.samediff.detection;

/**
 * Generalized IoU loss of one location's box, Rezatofighi et al. 2019,
 * <a href="https://arxiv.org/abs/1902.09630">arXiv 1902.09630</a>.
 *
 * <p>With {@code I} the area of the intersection, {@code U} of the union and {@code C} of the smallest enclosing box:
 * {@code 1 - GIoU = 1 - (I/U - (C - U)/C) = 2 - I/U - U/C}, in [0, 2). Both boxes are distances (left, top, right,
 * bottom) from the same location. The true box must not be empty; the predicted one may be anything finite.
 */
final class GiouTerm {

    private GiouTerm() {}

    /** Returns {@code weight} times the loss of the row that starts at {@code row}, and writes its gradient. */
    static double apply(double[] prediction, double[] target, int row, double weight, double[] gradient) {
        // per axis: 0 horizontal (left, right), 1 vertical (top, bottom)
        double[] predicted = new double[2];
        double[] common = new double[2];
        double[] enclosing = new double[2];
        double targetArea = 1;
        for (int axis = 0; axis < 2; axis++) {
            double p1 = prediction[row + axis];
            double p2 = prediction[row + axis + 2];
            double t1 = target[row + axis];
            double t2 = target[row + axis + 2];
            predicted[axis] = Math.max(0, p1 + p2);
            common[axis] = Math.max(0, Math.min(p1, t1) + Math.min(p2, t2));
            enclosing[axis] = Math.max(p1, t1) + Math.max(p2, t2);
            targetArea *= t1 + t2;
        }
        double intersection = common[0] * common[1];
        double union = predicted[0] * predicted[1] + targetArea - intersection;
        double hull = enclosing[0] * enclosing[1];

        double byPredicted = intersection / (union * union) - 1 / hull; // dLoss / d(predicted area), through the union
        double byIntersection = -1 / union - byPredicted;
        double byHull = union / (hull * hull);
        for (int i = 0; i < 4; i++) {
            int axis = i % 2;
            int other = 1 - axis;
            double excess = prediction[row + i] - target[row + i];
            double dPredicted = predicted[axis] > 0 ? predicted[other] : 0;
            double dIntersection = common[axis] > 0 ? common[other] * step(-excess) : 0;
            double dHull = enclosing[other] * step(excess);
            gradient[row + i] = weight * (byPredicted * dPredicted + byIntersection * dIntersection + byHull * dHull);
        }
        return weight * (2 - intersection / union - union / hull);
    }

    /** The derivative of {@code max(x, 0)}; at the kink the mean of both sides, as in PyTorch's min and max. */
    private static double step(double x) {
        return (1 + Math.signum(x)) / 2;
    }
}
