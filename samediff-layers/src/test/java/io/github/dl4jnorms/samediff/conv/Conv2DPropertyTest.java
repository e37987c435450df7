package io.github.dl4jnorms.samediff.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

class Conv2DPropertyTest {

    /** As many outputs as there are places where the kernel, laid down stride by stride, stays on the padded image. */
    @Property
    void outputSizeIsTheNumberOfPlacesForTheKernel(
            @ForAll @IntRange(min = 1, max = 60) int size,
            @ForAll @IntRange(min = 1, max = 8) int kernel,
            @ForAll @IntRange(min = 1, max = 4) int stride,
            @ForAll @IntRange(max = 5) int padding,
            @ForAll @IntRange(min = 1, max = 3) int dilation,
            @ForAll CNN2DFormat format) {
        int places = 0;
        for (int first = -padding; first + (kernel - 1) * dilation < size + padding; first += stride) {
            places++;
        }
        Conv2D vertical = layer().kernel(kernel, 1)
                .stride(stride, 1)
                .padding(padding, 0)
                .dilation(dilation, 1)
                .build();
        Conv2D horizontal = layer().kernel(1, kernel)
                .stride(1, stride)
                .padding(0, padding)
                .dilation(1, dilation)
                .build();
        if (places == 0) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vertical.getOutputType(0, InputType.convolutional(size, 5, 2, format)))
                    .withMessageContaining("received " + size);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> horizontal.getOutputType(0, InputType.convolutional(5, size, 2, format)))
                    .withMessageContaining("received " + size);
        } else {
            assertThat(vertical.getOutputType(0, InputType.convolutional(size, 5, 2, format)))
                    .isEqualTo(InputType.convolutional(places, 5, 7, format));
            assertThat(horizontal.getOutputType(0, InputType.convolutional(5, size, 2, format)))
                    .isEqualTo(InputType.convolutional(5, places, 7, format));
        }
    }

    @Property
    void paddingOfHalfAnOddKernelKeepsTheSize(
            @ForAll @IntRange(min = 1, max = 60) int size,
            @ForAll @IntRange(max = 3) int half,
            @ForAll @IntRange(min = 1, max = 3) int dilation) {
        Assume.that(half > 0 || dilation == 1);
        Conv2D layer = layer().kernel(2 * half + 1)
                .padding(half * dilation)
                .dilation(dilation)
                .build();
        assertThat(layer.getOutputType(0, InputType.convolutional(size, size, 2)))
                .isEqualTo(InputType.convolutional(size, size, 7));
    }

    private static Conv2D.Builder layer() {
        return new Conv2D.Builder().nOut(7);
    }
}
