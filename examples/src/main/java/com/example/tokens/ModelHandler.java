package com.example.tokens;

import io.streamx.ServerStreamingServer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands where a model would: makes up an answer, always the same one to the same text, a word at a time. */
final class ModelHandler implements Model {
    private static final int TOKENS = 200;
    private static final List<List<String>> PARTS = List.of(
            List.of("Every", "One", "That", "Some", "No"),
            List.of("stream", "token", "answer", "reader", "server"),
            List.of("waits for", "follows", "stops", "carries", "knows"),
            List.of("the next", "its own", "another", "the last", "a slow"),
            List.of("hop.", "call.", "window.", "message.", "page."));

    private final Duration pace;
    /** How many answers are being made now. */
    private final AtomicInteger running = new AtomicInteger();

    ModelHandler(Duration pace) {
        this.pace = pace;
    }

    int running() {
        return running.get();
    }

    @Override
    public void generate(Prompt prompt, ServerStreamingServer<Token> stream) throws InterruptedException {
        running.incrementAndGet();
        try {
            Random random = new Random(prompt.text().hashCode());
            for (int number = 1; number <= TOKENS; number++) {
                List<String> words = PARTS.get((number - 1) % PARTS.size());
                String word = words.get(random.nextInt(words.size()));
                if (number > prompt.skip()) {
                    Thread.sleep(pace); // a model thinks; leaving the stream interrupts it here
                    stream.send(new Token(number, word));
                }
            }
        } finally {
            running.decrementAndGet();
        }
    }
}
