package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages on their way from senders to the event loop. */
@Timeout(60)
class OutboxTest {
    /** A network that takes everything. */
    private static final Wire OPEN = new Wire() {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void flush() {
            // nothing was written
        }
    };

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final OutboundQueue queue = new OutboundQueue(loop, OPEN, () -> {}, failure -> {});
    private final SendWindow window = new SendWindow(1 << 30, new SendBudget(1 << 30));
    /** What arrived on the event loop in one piece. */
    private final List<byte[]> pieces = new ArrayList<>();

    private final Outbox outbox = new Outbox(this::arrived, queue, window);

    @AfterEach
    void endLoop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void arrived(OutboundMessage messages) {
        byte[] bytes = new byte[messages.readableBytes()];
        messages.readBytes(bytes);
        pieces.add(bytes);
        window.giveBack(messages.cost());
        messages.release();
    }

    @Test
    void messagesThatWaitForTheLoopLeaveTogether() throws Exception {
        CountDownLatch busy = holdLoop();
        add(10, 1);
        add(20, 2);
        add(30, 3);
        busy.countDown();
        awaitLoop();

        assertThat(pieces).hasSize(1);
        assertThat(pieces.getFirst()).hasSize(60);
        assertThat(window.unsent()).isZero();
    }

    @Test
    void aLargeMessageGoesAloneAndInItsPlace() throws Exception {
        CountDownLatch busy = holdLoop();
        add(10, 1);
        add(10_000, 2);
        add(10, 3);
        busy.countDown();
        awaitLoop();

        assertThat(pieces).extracting(piece -> piece.length).containsExactly(10, 10_000, 10);
        assertThat(pieces).extracting(piece -> piece[0]).containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void aBufferGivenBackIsUsedAgainEmpty() {
        OutboundMessage buffer = outbox.buffer();
        buffer.writeZero(100);
        outbox.giveBack(buffer);

        assertThat(outbox.buffer()).isSameAs(buffer);
        assertThat(buffer.readableBytes()).isZero();
    }

    @Test
    void aBusyStreamKeepsItsBuffersAndAnIdleOneNone() throws Exception {
        add(3_000, 1);
        awaitLoop();
        assertThat(outbox.keptBytes()).isGreaterThanOrEqualTo(6_000);
        assertThat(loop.submit(outbox::letGoWhenIdle).get()).isFalse();
        add(3_000, 2);
        awaitLoop();
        assertThat(loop.submit(outbox::letGoWhenIdle).get()).isFalse();
        assertThat(outbox.keptBytes()).isGreaterThanOrEqualTo(6_000);

        assertThat(loop.submit(outbox::letGoWhenIdle).get()).isTrue();
        assertThat(outbox.keptBytes()).isZero();
        add(3_000, 3);
        awaitLoop();
        assertThat(pieces).hasSize(3);
    }

    @Test
    void nothingIsLostWhenBuffersAreLetGoWhileASenderSends() throws Exception {
        int count = 50_000;
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < count; i++) {
                OutboundMessage message = outbox.buffer();
                message.writeInt(i).writeZero(300);
                outbox.add(message);
            }
        });
        while (sender.isAlive()) {
            // Asked twice in a row, it takes the stream for an idle one.
            loop.submit(outbox::letGoWhenIdle).get();
            loop.submit(outbox::letGoWhenIdle).get();
        }
        awaitLoop();

        int next = 0;
        for (byte[] piece : pieces) {
            ByteBuf messages = Unpooled.wrappedBuffer(piece);
            while (messages.isReadable()) {
                assertThat(messages.readInt()).isEqualTo(next++);
                messages.skipBytes(300);
            }
        }
        assertThat(next).isEqualTo(count);
    }

    @Test
    void whatSomebodyHoldsIsNotWrittenOver() throws Exception {
        List<OutboundMessage> held = new ArrayList<>();
        Outbox holding = new Outbox(held::add, queue, window);
        for (int i = 1; i <= 50; i++) {
            OutboundMessage message = holding.buffer();
            message.writeBytes(new byte[] {(byte) i, (byte) i, (byte) i});
            holding.add(message);
            awaitLoop();
        }

        assertThat(held).hasSize(50);
        for (int i = 1; i <= 50; i++) {
            OutboundMessage message = held.get(i - 1);
            assertThat(message.readMedium()).isEqualTo(i << 16 | i << 8 | i);
            message.release();
        }
    }

    @Test
    void thePlaceOfWhatAWireHeldForATimeIsUsedAgain() throws Exception {
        List<OutboundMessage> held = new ArrayList<>();
        Outbox holding = new Outbox(held::add, queue, window);
        Set<byte[]> places = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 50; i++) {
            OutboundMessage message = holding.buffer();
            message.writeZero(1_000);
            holding.add(message);
            awaitLoop();
            OutboundMessage sent = held.removeFirst();
            places.add(sent.array());
            sent.release();
        }

        assertThat(places).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300, 6_000})
    void messagesOfEachSenderArriveWholeAndInTheirOrder(int largest) throws Exception {
        int senders = 3;
        int count = largest > 1_000 ? 3_000 : 60_000;
        List<Thread> threads = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int sender = s;
            threads.add(Thread.ofVirtual().start(() -> {
                Random random = new Random(sender);
                for (int i = 0; i < count; i++) {
                    OutboundMessage message = outbox.buffer();
                    int length = random.nextInt(largest);
                    message.writeInt(length).writeInt(sender).writeInt(i).writeZero(length);
                    outbox.add(message);
                    if (random.nextInt(50) == 0) {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        awaitLoop();

        int[] next = new int[senders];
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            while (in.isReadable()) {
                int length = in.readInt();
                int sender = in.readInt();
                assertThat(in.readInt()).isEqualTo(next[sender]++);
                in.skipBytes(length);
            }
        }
        assertThat(next).containsOnly(count);
        assertThat(window.unsent()).isZero();
    }

    private void add(int bytes, int first) {
        OutboundMessage message = outbox.buffer();
        message.writeByte(first).writeZero(bytes - 1);
        outbox.add(message);
    }

    private CountDownLatch holdLoop() {
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return busy;
    }

    /** All that was queued before has been taken. */
    private void awaitLoop() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        queue.offer(reached::countDown);
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
