package io.github.dl4jnorms.experiments.adain;

import static io.github.dl4jnorms.experiments.report.Text.text;

import io.github.dl4jnorms.datasets.images.Rgb;
import io.github.dl4jnorms.experiments.report.Plots;
import io.github.dl4jnorms.samediff.style.StyleTransfer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes pictures: a content in the style of each of some styles, or of all of them together. */
final class Stylist {
    /**
     * @param name    for the files' names
     * @param picture what it shows
     */
    record Picture(String name, BufferedImage picture) {}

    /**
     * @param alpha         how much of the style: 0 is the content as the decoder has it
     * @param preserveColor whether the content keeps its colours
     */
    record Manner(double alpha, boolean preserveColor) {}

    private static final int LARGEST_SHOWN = 512;

    private final StyleTransfer transfer;
    private final Picture content;
    private final Manner manner;
    private final Path out;
    private final Set<String> names = new HashSet<>();

    Stylist(StyleTransfer transfer, Picture content, Manner manner, Path out) {
        this.transfer = transfer;
        this.content = content;
        this.manner = manner;
        this.out = out;
    }

    /** A result for each style. */
    void each(List<Picture> styles) throws IOException {
        for (Picture style : styles) {
            make(List.of(style), new double[] {1});
        }
    }

    /** One result, in a style between these. */
    void between(List<Picture> styles, double[] weights) throws IOException {
        make(styles, weights);
    }

    private void make(List<Picture> styles, double[] weights) throws IOException {
        long started = System.nanoTime();
        BufferedImage result = Rgb.picture(apply(styles, weights));
        double seconds = (System.nanoTime() - started) / 1e9;
        String styleName = styles.stream().map(Picture::name).collect(Collectors.joining("+"));
        String name = unique(content.name() + "_" + styleName);
        Path png = out.resolve(name + ".png");
        Plots.savePng(result, png);
        Path beside = out.resolve(name + "_side_by_side.png");
        Plots.savePng(sideBySide(styles, result), beside);
        System.out.println(text(
                "%s in the style of %s: %d×%d, %.1f s%n  %s%n  %s",
                content.name(), styleName, result.getWidth(), result.getHeight(), seconds, png, beside));
    }

    private INDArray apply(List<Picture> styles, double[] weights) {
        INDArray picture = Rgb.array(content.picture());
        List<INDArray> arrays =
                styles.stream().map(style -> Rgb.array(style.picture())).toList();
        if (!manner.preserveColor()) {
            return transfer.apply(picture, arrays, weights, manner.alpha());
        }
        List<INDArray> grey = arrays.stream()
                .map(style -> ColorPreservation.grey(style, picture))
                .toList();
        INDArray result = transfer.apply(ColorPreservation.grey(picture), grey, weights, manner.alpha());
        return ColorPreservation.recolor(result, picture);
    }

    private BufferedImage sideBySide(List<Picture> styles, BufferedImage result) {
        List<String> headings = new ArrayList<>(List.of("content"));
        List<BufferedImage> pictures = new ArrayList<>(List.of(content.picture()));
        for (Picture style : styles) {
            headings.add("style");
            pictures.add(style.picture());
        }
        headings.add("result");
        pictures.add(result);
        return new PictureGrid(headings, Math.min(LARGEST_SHOWN, result.getHeight()))
                .row(pictures)
                .draw();
    }

    /** Styles of one name come from different folders. */
    private String unique(String name) {
        String unique = name;
        for (int number = 2; !names.add(unique); number++) {
            unique = name + "-" + number;
        }
        return unique;
    }
}
