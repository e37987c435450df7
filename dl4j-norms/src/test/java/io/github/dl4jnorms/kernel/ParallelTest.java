package io.github.dl4jnorms.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ParallelTest {

    private static final long MUCH = 1 << 20;

    @AfterEach
    void restore() {
        Parallel.threads(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void everyTaskRunsOnce() {
        for (long work : new long[] {1, MUCH}) {
            for (int count : new int[] {0, 1, 2, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                Parallel.forEach(count, work, runs::incrementAndGet);
                for (int i = 0; i < count; i++) {
                    assertThat(runs.get(i)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void anExceptionArrivesAsItWasThrown() {
        for (Throwable thrown :
                new Throwable[] {new IllegalArgumentException("x: own message"), new StackOverflowError()}) {
            for (long work : new long[] {1, MUCH}) {
                assertThatThrownBy(() -> Parallel.forEach(100, work, i -> {
                            if (i == 42) {
                                sneakily(thrown);
                            }
                        }))
                        .isSameAs(thrown);
            }
        }
    }

    private static void sneakily(Throwable thrown) {
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) thrown;
    }

    @Test
    void runsInsideAnotherPoolAndInsideItself() {
        AtomicIntegerArray runs = new AtomicIntegerArray(16);
        ForkJoinPool other = new ForkJoinPool(2);
        try {
            other.submit(() -> Parallel.forEach(
                            4, MUCH, i -> Parallel.forEach(4, MUCH, j -> runs.incrementAndGet(4 * i + j))))
                    .join();
        } finally {
            other.shutdown();
        }
        for (int i = 0; i < 16; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void theNumberOfThreadsMayChangeWhileOthersWork() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread changer = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                Parallel.threads(1 + i % 2);
            }
        });
        changer.start();
        try {
            for (int i = 0; i < 2000; i++) {
                Parallel.forEach(8, MUCH, task -> {});
            }
        } finally {
            done.set(true);
            changer.join();
        }
    }

    @Test
    void takesAtLeastOneThread() {
        assertThatThrownBy(() -> Parallel.threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads: takes at least 1, received 0");
    }
}
