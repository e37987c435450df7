package io.github.dl4jnorms.samediff.conv;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intel's oneDNN, loaded once. ND4J has it inside, but makes every primitive anew at each call and computes every gradient,
 * wanted or not.
 *
 * <p>The system property {@code dl4jnorms.onednn=false} leaves it alone, and ND4J's own operations take over, as they do
 * where there is no such library.
 */
public final class OneDnn {

    private static final Logger log = LoggerFactory.getLogger(OneDnn.class);

    private static final OneDnn INSTANCE = load();

    private final engine engine = new engine(dnnl.dnnl_cpu, 0);
    private final stream stream = new stream(engine);
    private final primitive_attr attributes = new primitive_attr();
    private final Room[] rooms = {new Room(), new Room(), new Room(), new Room()};

    private OneDnn() {
        attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
    }

    /** Whether it is there. */
    public static boolean available() {
        return INSTANCE != null;
    }

    static OneDnn instance() {
        return INSTANCE;
    }

    private static OneDnn load() {
        if ("false".equalsIgnoreCase(System.getProperty("dl4jnorms.onednn"))) {
            return null;
        }
        try {
            return new OneDnn();
        } catch (LinkageError | RuntimeException e) {
            log.info("ND4J computes convolutions, as oneDNN could not be loaded: {}", e.toString());
            return null;
        }
    }

    engine engine() {
        return engine;
    }

    stream stream() {
        return stream;
    }

    /**
     * Of every primitive: its working memory is given at each call. oneDNN's own belongs to the thread that made the
     * primitive, and is not there on any other.
     */
    primitive_attr attributes() {
        return attributes;
    }

    /**
     * Memory for something in oneDNN's own layout, valid until somebody else asks for the same slot: small enough to stay in
     * the cache from one convolution to the next.
     */
    Pointer room(int slot, long bytes) {
        return rooms[slot].of(bytes);
    }

    /** A description of floats in a layout, or in whichever oneDNN likes best. */
    static memory.desc floats(long[] shape, memory.format_tag layout) {
        return new memory.desc(shape, memory.data_type.f32, layout);
    }

    /** Memory that grows as it must. */
    private static final class Room {

        private static final int ALIGNMENT = 64;

        private BytePointer memory = new BytePointer();

        Pointer of(long bytes) {
            if (memory.capacity() < bytes + ALIGNMENT) {
                memory.deallocate();
                memory = new BytePointer(bytes + ALIGNMENT);
            }
            return memory.getPointer(-memory.address() & (ALIGNMENT - 1));
        }
    }
}
