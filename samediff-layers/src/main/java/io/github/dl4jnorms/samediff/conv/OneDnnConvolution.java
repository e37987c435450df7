package io.github.dl4jnorms.samediff.conv;

import io.github.dl4jnorms.execution.Contiguous;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives for one convolution of floats, forward and backward, made once for each shape and kept. Arrays are
 * brought into the layout that oneDNN computes in and back; where its plain layout is as fast, they stay as they are.
 */
final class OneDnnConvolution {

    /**
     * Everything the primitives depend on. Shapes are N, C, H, W and out, in, height, width, whatever the layout.
     */
    record Geometry(
            List<Long> x,
            List<Long> weight,
            List<Long> y,
            boolean bias,
            List<Long> stride,
            List<Long> padding,
            List<Long> dilation,
            boolean channelsLast) {}

    /** Shapes whose primitives are kept: images of ever new sizes must not fill the memory. */
    private static final int KEPT = 256;

    private static final Map<Geometry, OneDnnConvolution> MADE = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Geometry, OneDnnConvolution> eldest) {
            return size() > KEPT;
        }
    };

    // which room holds what
    private static final int INPUT = 0;
    private static final int WEIGHT = 1;
    private static final int OUTPUT = 2;
    private static final int SCRATCH = 3;

    private final OneDnn oneDnn = OneDnn.instance();
    private final Geometry geometry;
    private final long[] x;
    private final long[] weight;
    private final long[] y;
    private final long[] stride;
    private final long[] padding;
    private final long[] farPadding = new long[2];
    private final long[] gaps = new long[2];

    private final Call forward;
    private Call dataGradient;
    private Call weightGradient;

    private OneDnnConvolution(Geometry geometry) {
        this.geometry = geometry;
        this.x = array(geometry.x);
        this.weight = array(geometry.weight);
        this.y = array(geometry.y);
        this.stride = array(geometry.stride);
        this.padding = array(geometry.padding);
        for (int i = 0; i < 2; i++) {
            gaps[i] = geometry.dilation.get(i) - 1;
            long reach = geometry.dilation.get(i) * (weight[2 + i] - 1) + 1;
            farPadding[i] = (y[2 + i] - 1) * stride[i] + reach - x[2 + i] - padding[i];
        }
        this.forward = forwardCall();
    }

    /** y ← the convolution; {@code bias} may be null. */
    static void forward(Geometry geometry, INDArray x, INDArray weight, INDArray bias, INDArray y) {
        synchronized (MADE) {
            MADE.computeIfAbsent(geometry, OneDnnConvolution::new)
                    .forward
                    .run(bias == null ? List.of(x, weight) : List.of(x, weight, bias), List.of(y), false);
        }
    }

    /** The gradients; {@code dx}, {@code dBias}, and {@code dWeight} with it, may be null, and are not computed then. */
    static void backward(
            Geometry geometry,
            INDArray x,
            INDArray weight,
            INDArray dy,
            INDArray dx,
            INDArray dWeight,
            INDArray dBias) {
        synchronized (MADE) {
            OneDnnConvolution convolution = MADE.computeIfAbsent(geometry, OneDnnConvolution::new);
            convolution.differentiate(x, weight, dy, dx, dBias == null ? listOf(dWeight) : List.of(dWeight, dBias));
        }
    }

    private static List<INDArray> listOf(INDArray array) {
        return array == null ? List.of() : List.of(array);
    }

    private void differentiate(INDArray x, INDArray weight, INDArray dy, INDArray dx, List<INDArray> parameters) {
        if (dx != null) {
            if (dataGradient == null) {
                dataGradient = dataGradientCall();
            }
            dataGradient.run(List.of(dy, weight), List.of(dx), false);
        }
        if (!parameters.isEmpty()) {
            if (weightGradient == null) {
                weightGradient = weightGradientCall();
            }
            boolean prepared = dx != null && dataGradient.in.get(0).hasLayoutOf(weightGradient.in.get(0));
            weightGradient.run(List.of(dy, x), parameters, prepared);
        }
    }

    private Call forwardCall() {
        boolean plain = isPlain(false);
        convolution_forward.primitive_desc d = forwardDescription(plain);
        Call call = new Call(new convolution_forward(d), d);
        call.input(dnnl.DNNL_ARG_SRC, INPUT, images(x), d.src_desc());
        call.input(dnnl.DNNL_ARG_WEIGHTS, WEIGHT, weights(), d.weights_desc());
        if (geometry.bias) {
            call.input(dnnl.DNNL_ARG_BIAS, WEIGHT, bias(), bias());
        }
        call.output(dnnl.DNNL_ARG_DST, OUTPUT, images(y), d.dst_desc());
        return call;
    }

    private convolution_forward.primitive_desc forwardDescription(boolean plain) {
        int training = dnnl.dnnl_forward_training;
        int direct = dnnl.dnnl_convolution_direct;
        convolution_forward.desc d = geometry.bias
                ? new convolution_forward.desc(
                        training,
                        direct,
                        inner(x, plain),
                        innerWeights(),
                        bias(),
                        inner(y, plain),
                        stride,
                        gaps,
                        padding,
                        farPadding)
                : new convolution_forward.desc(
                        training,
                        direct,
                        inner(x, plain),
                        innerWeights(),
                        inner(y, plain),
                        stride,
                        gaps,
                        padding,
                        farPadding);
        return new convolution_forward.primitive_desc(d, oneDnn.attributes(), oneDnn.engine());
    }

    private Call dataGradientCall() {
        boolean plain = isPlain(false);
        convolution_backward_data.primitive_desc d = new convolution_backward_data.primitive_desc(
                new convolution_backward_data.desc(
                        dnnl.dnnl_convolution_direct,
                        inner(x, plain),
                        innerWeights(),
                        inner(y, plain),
                        stride,
                        gaps,
                        padding,
                        farPadding),
                oneDnn.attributes(),
                oneDnn.engine(),
                forwardDescription(plain));
        Call call = new Call(new convolution_backward_data(d), d);
        call.input(dnnl.DNNL_ARG_DIFF_DST, OUTPUT, images(y), d.diff_dst_desc());
        call.input(dnnl.DNNL_ARG_WEIGHTS, WEIGHT, weights(), d.weights_desc());
        call.output(dnnl.DNNL_ARG_DIFF_SRC, INPUT, images(x), d.diff_src_desc());
        return call;
    }

    private Call weightGradientCall() {
        boolean plain = isPlain(true);
        int direct = dnnl.dnnl_convolution_direct;
        convolution_backward_weights.desc description = geometry.bias
                ? new convolution_backward_weights.desc(
                        direct,
                        inner(x, plain),
                        innerWeights(),
                        bias(),
                        inner(y, plain),
                        stride,
                        gaps,
                        padding,
                        farPadding)
                : new convolution_backward_weights.desc(
                        direct, inner(x, plain), innerWeights(), inner(y, plain), stride, gaps, padding, farPadding);
        convolution_backward_weights.primitive_desc d = new convolution_backward_weights.primitive_desc(
                description, oneDnn.attributes(), oneDnn.engine(), forwardDescription(plain));
        Call call = new Call(new convolution_backward_weights(d), d);
        call.input(dnnl.DNNL_ARG_DIFF_DST, OUTPUT, images(y), d.diff_dst_desc());
        call.input(dnnl.DNNL_ARG_SRC, INPUT, images(x), d.src_desc());
        call.output(dnnl.DNNL_ARG_DIFF_WEIGHTS, WEIGHT, weights(), d.diff_weights_desc());
        if (geometry.bias) {
            call.output(dnnl.DNNL_ARG_DIFF_BIAS, WEIGHT, bias(), bias());
        }
        return call;
    }

    /**
     * Whether to compute in the plain layout, by matrix products: measured on ResNet-50's convolutions with AVX2, where
     * oneDNN's code for its own layout is slow for kernels with a stride, and for weight gradients of small images.
     */
    private boolean isPlain(boolean weightGradient) {
        boolean large = weight[2] * weight[3] > 1 && weight[1] >= 16;
        return large && (stride[0] > 1 || weightGradient && x[2] * x[3] <= 512);
    }

    private memory.desc images(long[] shape) {
        return OneDnn.floats(shape, geometry.channelsLast ? memory.format_tag.nhwc : memory.format_tag.nchw);
    }

    private memory.desc inner(long[] shape, boolean plain) {
        return plain ? images(shape) : OneDnn.floats(shape, memory.format_tag.any);
    }

    private memory.desc weights() {
        return OneDnn.floats(weight, memory.format_tag.oihw);
    }

    private memory.desc innerWeights() {
        return OneDnn.floats(weight, memory.format_tag.any);
    }

    private memory.desc bias() {
        return OneDnn.floats(new long[] {weight[0]}, memory.format_tag.x);
    }

    private static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** A computation on arrays, which are brought into the primitive's layout and back. */
    private final class Call {

        final List<Argument> in = new ArrayList<>();
        private final List<Argument> out = new ArrayList<>();
        private final Execution execution;

        Call(primitive primitive, primitive_desc description) {
            this.execution = new Execution(primitive, description.scratchpad_desc());
        }

        void input(int name, int room, memory.desc given, memory.desc wanted) {
            Argument argument = new Argument(room, given, wanted, true);
            execution.arguments.put(name, argument.inner);
            in.add(argument);
        }

        void output(int name, int room, memory.desc given, memory.desc wanted) {
            Argument argument = new Argument(room, given, wanted, false);
            execution.arguments.put(name, argument.inner);
            out.add(argument);
        }

        /**
         * @param prepared whether the first input is already in its room
         */
        void run(List<INDArray> inputs, List<INDArray> outputs, boolean prepared) {
            List<Contiguous> arrays = new ArrayList<>();
            for (int i = 0; i < in.size(); i++) {
                Contiguous array = Contiguous.read(inputs.get(i));
                arrays.add(array);
                in.get(i).point(array);
                if (i > 0 || !prepared) {
                    in.get(i).move();
                }
            }
            for (int i = 0; i < out.size(); i++) {
                Contiguous array = Contiguous.write(outputs.get(i));
                arrays.add(array);
                out.get(i).point(array);
            }
            execution.run();
            out.forEach(Argument::move);
            oneDnn.stream()._wait();
            arrays.subList(0, in.size()).forEach(Contiguous::keep);
            arrays.subList(in.size(), arrays.size()).forEach(Contiguous::finish);
        }
    }

    /** A primitive with its arguments and its working memory. */
    private final class Execution {

        final IntMemoryMap arguments = new IntMemoryMap();
        private final primitive primitive;
        private final memory scratch;
        private final long scratchSize;

        Execution(primitive primitive, memory.desc scratch) {
            this.primitive = primitive;
            this.scratch = new memory(scratch, oneDnn.engine(), null);
            this.scratchSize = scratch.get_size();
            arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, this.scratch);
        }

        void run() {
            if (scratchSize > 0) {
                scratch.set_data_handle(oneDnn.room(SCRATCH, scratchSize));
            }
            primitive.execute(oneDnn.stream(), arguments);
        }
    }

    /** An array as it is given, and as a primitive takes it or leaves it. */
    private final class Argument {

        private final int room;
        private final memory.desc layout;
        private final memory outer;
        private final memory inner;
        private final Execution move;

        Argument(int room, memory.desc given, memory.desc wanted, boolean input) {
            this.room = room;
            this.layout = wanted;
            this.outer = new memory(given, oneDnn.engine(), null);
            if (given.equals(wanted)) {
                this.inner = outer;
                this.move = null;
                return;
            }
            this.inner = new memory(wanted, oneDnn.engine(), null);
            memory from = input ? outer : inner;
            memory to = input ? inner : outer;
            reorder.primitive_desc description = new reorder.primitive_desc(from, to, oneDnn.attributes(), false);
            this.move = new Execution(new reorder(description), description.scratchpad_desc());
            move.arguments.put(dnnl.DNNL_ARG_FROM, from);
            move.arguments.put(dnnl.DNNL_ARG_TO, to);
        }

        boolean hasLayoutOf(Argument other) {
            return layout.equals(other.layout);
        }

        void point(Contiguous array) {
            outer.set_data_handle(new PagedPointer(array.address()));
            if (move != null) {
                inner.set_data_handle(oneDnn.room(room, layout.get_size()));
            }
        }

        void move() {
            if (move != null) {
                move.run();
            }
        }
    }
}
