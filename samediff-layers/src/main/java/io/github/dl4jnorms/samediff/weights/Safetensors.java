package io.github.dl4jnorms.samediff.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A file in the <a href="https://github.com/huggingface/safetensors#format">safetensors</a> format: the length of the header,
 * 8 bytes little-endian; the header, JSON, with type, shape and place of each tensor and perhaps a map of texts, the metadata;
 * the tensors, little-endian and row-major.
 *
 * <p>Tensors of type F32, F16 and BF16 are read. Everything that the header says is checked when the file is opened, and a
 * tensor is read when it is asked for. Whatever is wrong throws an {@link IllegalArgumentException} that names the file, and the
 * tensor if it is one's.
 */
public final class Safetensors implements TensorFile {

    /** The format's own limit. */
    private static final int LONGEST_HEADER = 100_000_000;

    private static final int ALIGNMENT = 8;
    private static final String METADATA = "__metadata__";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final Path file;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    /** Where a tensor is, in bytes from the beginning of the file. */
    private record Entry(String type, long[] shape, long from, long to) {}

    private Safetensors(Path file, Map<String, String> metadata, Map<String, Entry> entries) {
        this.file = file;
        this.metadata = metadata;
        this.entries = entries;
    }

    /** Reads and checks a file's header. */
    public static Safetensors open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such file");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return new Reader(file, channel.size()).read(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    @Override
    public Path path() {
        return file;
    }

    /** The texts that the file has beside its tensors. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape.clone();
    }

    @Override
    public INDArray get(String name) {
        Entry entry = entry(name);
        ElementType type = ElementType.of(entry.type)
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": " + name + ": takes the types " + ElementType.all() + ", received " + entry.type));
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(entry.to - entry.from)).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            Reader.fill(bytes, channel, entry.from);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + name + ": cannot be read", e);
        }
        return Nd4j.create(type.floats(bytes.flip()), entry.shape, 'c');
    }

    private Entry entry(String name) {
        require(List.of(name));
        return entries.get(name);
    }

    /** Writes tensors as F32, without metadata. */
    public static void write(Path file, Map<String, INDArray> tensors) {
        write(file, tensors, Map.of());
    }

    /**
     * Writes tensors as F32, in the map's order. What was there before stays until the new file is complete.
     *
     * @param metadata texts to go with them
     */
    public static void write(Path file, Map<String, INDArray> tensors, Map<String, String> metadata) {
        byte[] header = header(tensors, metadata);
        Path directory = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, file.getFileName().toString(), ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    write(
                            channel,
                            ByteBuffer.allocate(Long.BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putLong(header.length)
                                    .flip());
                    write(channel, ByteBuffer.wrap(header));
                    for (INDArray tensor : tensors.values()) {
                        write(channel, ElementType.F32.bytes(tensor));
                    }
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte[] header(Map<String, INDArray> tensors, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        long at = 0;
        for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
            long end = at + tensor.getValue().length() * ElementType.F32.width();
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", ElementType.F32.name());
            for (long size : tensor.getValue().shape()) {
                entry.withArray("shape").add(size);
            }
            entry.withArray("shape");
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        // padded with spaces, so that the tensors are aligned
        byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    /** Reads a header, and believes nothing. */
    private record Reader(Path file, long size) {

        Safetensors read(FileChannel channel) throws IOException {
            if (size < Long.BYTES) {
                throw bad("takes a header of at least " + Long.BYTES + " bytes, received a file of " + size);
            }
            ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            fill(prefix, channel, 0);
            long length = prefix.getLong(0);
            if (length < 2 || length > Math.min(LONGEST_HEADER, size - Long.BYTES)) {
                throw bad("is no safetensors file: takes a header of 2 to "
                        + Math.max(0, Math.min(LONGEST_HEADER, size - Long.BYTES)) + " bytes, received a length of "
                        + Long.toUnsignedString(length));
            }
            ByteBuffer header = ByteBuffer.allocate((int) length);
            fill(header, channel, Long.BYTES);
            return parse(json(header.flip()), Long.BYTES + length);
        }

        private ObjectNode json(ByteBuffer header) throws IOException {
            try {
                String text = StandardCharsets.UTF_8.newDecoder().decode(header).toString();
                if (JSON.readTree(text) instanceof ObjectNode object) {
                    return object;
                }
                throw bad("is no safetensors file: its header is no JSON object");
            } catch (JsonProcessingException | CharacterCodingException e) {
                String reason = e instanceof JsonProcessingException j ? j.getOriginalMessage() : "it is not UTF-8";
                throw new IllegalArgumentException(
                        file + ": is no safetensors file: its header is no JSON (" + reason + ")", e);
            }
        }

        private Safetensors parse(ObjectNode header, long start) {
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, Entry> entries = new LinkedHashMap<>();
            header.fields().forEachRemaining(field -> {
                if (field.getKey().equals(METADATA)) {
                    field.getValue()
                            .fields()
                            .forEachRemaining(text ->
                                    metadata.put(text.getKey(), text.getValue().asText()));
                } else {
                    entries.put(field.getKey(), entry(field.getKey(), field.getValue(), start));
                }
            });
            checkOverlap(entries);
            return new Safetensors(file, Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(entries));
        }

        private Entry entry(String name, JsonNode node, long start) {
            JsonNode type = node.path("dtype");
            if (!type.isTextual()) {
                throw bad(name, "takes a \"dtype\", a text, received " + node);
            }
            long[] shape = numbers(name, node, "shape");
            long[] offsets = numbers(name, node, "data_offsets");
            if (offsets.length != 2 || offsets[0] > offsets[1]) {
                throw bad(
                        name, "takes \"data_offsets\" of two ascending numbers, received " + node.get("data_offsets"));
            }
            if (offsets[1] > size - start) {
                throw bad(
                        name,
                        "takes bytes " + offsets[0] + " to " + offsets[1] + " of the data, received a file with "
                                + (size - start) + " of them; it is truncated or damaged");
            }
            ElementType.of(type.asText()).ifPresent(known -> checkLength(name, known, shape, offsets));
            return new Entry(type.asText(), shape, start + offsets[0], start + offsets[1]);
        }

        private void checkLength(String name, ElementType type, long[] shape, long[] offsets) {
            long bytes = type.width();
            try {
                for (long dimension : shape) {
                    bytes = Math.multiplyExact(bytes, dimension);
                }
            } catch (ArithmeticException e) {
                bytes = -1; // which no file has
            }
            if (bytes != offsets[1] - offsets[0] || bytes > Integer.MAX_VALUE) {
                throw bad(
                        name,
                        "takes the bytes of shape " + Arrays.toString(shape) + " and type " + type
                                + ", up to 2 GiB, received " + (offsets[1] - offsets[0]));
            }
        }

        private long[] numbers(String name, JsonNode node, String key) {
            JsonNode array = node.path(key);
            List<Long> numbers = new ArrayList<>();
            array.forEach(number ->
                    numbers.add(number.isIntegralNumber() && number.canConvertToLong() ? number.asLong() : -1));
            if (!array.isArray() || numbers.stream().anyMatch(number -> number < 0)) {
                throw bad(name, "takes \"" + key + "\", an array of whole numbers from 0, received " + node);
            }
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }

        private void checkOverlap(Map<String, Entry> entries) {
            List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
            sorted.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().from)
                    .thenComparingLong(e -> e.getValue().to));
            for (int i = 1; i < sorted.size(); i++) {
                if (sorted.get(i).getValue().from < sorted.get(i - 1).getValue().to) {
                    throw bad(
                            sorted.get(i).getKey(),
                            "takes bytes of its own, received some that are "
                                    + sorted.get(i - 1).getKey() + "'s too");
                }
            }
        }

        static void fill(ByteBuffer bytes, FileChannel channel, long from) throws IOException {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, from + bytes.position()) < 0) {
                    throw new IOException("the file ends too early");
                }
            }
        }

        private IllegalArgumentException bad(String what) {
            return new IllegalArgumentException(file + ": " + what);
        }

        private IllegalArgumentException bad(String tensor, String what) {
            return bad(tensor + ": " + what);
        }
    }
}
