package io.github.dl4jnorms.experiments.bench.memory;

import java.util.List;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/** The memory after each step of a training. */
record Trace(List<Point> points) {
    /**
     * Bytes at one moment.
     *
     * @param workspaces in ND4J's workspaces
     * @param outside    handed out by JavaCPP, beside them
     * @param resident   of the whole process, in the machine's memory
     */
    record Point(long workspaces, long outside, long resident) {
        /** Of this process, and this thread's workspaces. */
        static Point now() {
            long workspaces = Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
                    .mapToLong(MemoryWorkspace::getCurrentSize)
                    .sum();
            return new Point(workspaces, Pointer.totalBytes(), Pointer.physicalBytes());
        }

        static Point parse(String line) {
            String[] fields = line.split(",");
            return new Point(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        }

        long handedOut() {
            return workspaces + outside;
        }

        @Override
        public String toString() {
            return workspaces + "," + outside + "," + resident;
        }
    }

    int steps() {
        return points.size();
    }

    /** The most after the steps from {@code from}, counted from 0, to before {@code to}. */
    long most(ToLongFunction<Point> bytes, int from, int to) {
        return points.subList(from, to).stream().mapToLong(bytes).max().orElseThrow();
    }
}
