package io.streamx.interop;

import io.streamx.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Streams that are all open at once: each first asks for the connection it runs on, waits until all have, and then
 * exchanges messages of its own, so that one that gets another's messages shows.
 */
record ParallelStreams(int streams, int messages, int sizeBytes) {
    List<String> play(Supplier<TextStream> open) throws InterruptedException {
        CountDownLatch allOpen = new CountDownLatch(streams);
        Set<String> connections = ConcurrentHashMap.newKeySet();
        String[] outcomes = new String[streams];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            int index = i;
            threads.add(Thread.startVirtualThread(() -> outcomes[index] = play(index, open, connections, allOpen)));
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < streams; i++) {
            threads.get(i).join();
            counts.merge(outcomes[i], 1, Integer::sum);
        }
        List<String> seen = new ArrayList<>();
        seen.add(streams + " streams open at once, " + connections.size() + " connections");
        counts.forEach((outcome, times) -> seen.add(times + " times: " + outcome));
        return seen;
    }

    private String play(int index, Supplier<TextStream> open, Set<String> connections, CountDownLatch allOpen) {
        boolean counted = false;
        try (TextStream stream = open.get()) {
            stream.send("!peer");
            connections.add(String.valueOf(stream.recv()));
            allOpen.countDown();
            counted = true;
            allOpen.await();
            return exchange(index, stream);
        } catch (RpcException e) {
            return Outcomes.describe(e);
        } catch (InterruptedException e) {
            return "interrupted";
        } finally {
            if (!counted) {
                allOpen.countDown();
            }
        }
    }

    private String exchange(int index, TextStream stream) {
        for (int i = 0; i < messages; i++) {
            String sent = Payload.pattern(index * messages + i, sizeBytes);
            stream.send(sent);
            if (!sent.equals(stream.recv())) {
                return "a message not as sent";
            }
        }
        stream.closeSend();
        String last = stream.recv();
        return messages + " messages as sent, then " + (last == null ? Outcomes.END : "message " + last);
    }
}
