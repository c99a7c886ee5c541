package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Skipped, with the reason, where {@code java.lang} is not open; the build runs it where it is. */
@Timeout(60)
class LoopThreadsTest {
    private final EventLoops loops = EventLoops.acquire();
    private final EventLoop loop = loops.loops().getFirst();

    @BeforeEach
    void skipWhereThereAreNone() {
        Assumptions.assumeTrue(LoopThreads.isAvailable(), LoopThreads.obstacle());
    }

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void aThreadIsScheduledByItsLoopEachTimeItGoesOn() throws Exception {
        CompletableFuture<List<Boolean>> onLoop = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread thread = LoopThreads.unstarted(loop, "a handler", () -> {
            List<Boolean> seen = new ArrayList<>();
            seen.add(LoopThreads.current() == loop);
            waiting.countDown();
            LockSupport.park();
            seen.add(LoopThreads.current() == loop);
            onLoop.complete(seen);
        });
        thread.start();
        waiting.await();
        loop.submit(() -> LockSupport.unpark(thread)).sync();

        assertThat(onLoop.get(20, TimeUnit.SECONDS)).containsExactly(true, true);
        assertThat(thread.getName()).isEqualTo("a handler");
        assertThat(LoopThreads.current()).isNull();
    }

    @Test
    void threadsThatItStartsAreOrdinaryOnesAndRunBesideIt() throws Exception {
        int children = 50;
        CompletableFuture<Integer> ordinary = new CompletableFuture<>();
        LoopThreads.unstarted(loop, "parent", () -> {
                    AtomicInteger count = new AtomicInteger();
                    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                        for (int i = 0; i < children; i++) {
                            threads.execute(() -> {
                                Thread.yield();
                                if (LoopThreads.current() == null) {
                                    count.incrementAndGet();
                                }
                            });
                        }
                    }
                    ordinary.complete(LoopThreads.current() == loop ? count.get() : -1);
                })
                .start();

        assertThat(ordinary.get(20, TimeUnit.SECONDS)).isEqualTo(children);
    }

    @Test
    void anOrdinaryVirtualThreadIsScheduledByNoLoop() throws Exception {
        CompletableFuture<Boolean> none = new CompletableFuture<>();
        Thread.startVirtualThread(() -> none.complete(LoopThreads.current() == null));

        assertThat(none.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadThatComputesForLongMoreThanOnceLeavesItsLoop() throws Exception {
        CompletableFuture<Thread> loopThread = new CompletableFuture<>();
        loop.execute(() -> loopThread.complete(Thread.currentThread()));
        CompletableFuture<Boolean> moved = new CompletableFuture<>();
        LoopThreads.unstarted(loop, "computes", () -> {
                    for (int run = 0; run < 3; run++) {
                        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(150);
                        while (System.nanoTime() - until < 0) {
                            Thread.onSpinWait();
                        }
                        Thread.yield();
                    }
                    // Were this still on the loop, the loop could not do anything else meanwhile.
                    CompletableFuture<Void> free = new CompletableFuture<>();
                    loop.execute(() -> free.complete(null));
                    while (!free.isDone()) {
                        Thread.onSpinWait();
                    }
                    moved.complete(true);
                })
                .start();

        assertThat(moved.get(50, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThreadWhoseLoopHasEndedGoesOnElsewhere() throws Exception {
        DefaultEventLoop ending = new DefaultEventLoop();
        CompletableFuture<String> wentOn = new CompletableFuture<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread thread = LoopThreads.unstarted(ending, "stays", () -> {
            waiting.countDown();
            LockSupport.park();
            wentOn.complete("went on");
        });
        thread.start();
        waiting.await();
        ending.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
        LockSupport.unpark(thread);

        assertThat(wentOn.get(20, TimeUnit.SECONDS)).isEqualTo("went on");
    }
}
