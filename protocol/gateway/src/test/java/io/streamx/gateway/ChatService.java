package io.streamx.gateway;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.Metadata;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamException;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.service.ServiceDefinition;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The Thrift service that the tests call, and what it tells of its calls. */
final class ChatService implements GenericHandler<Object> {
    static final GenericService IDL = GenericService.load(idl(), "Chat");

    /** What handlers report, in order. */
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    /** Who cancelled the latest stream of replies that did not end by itself, written before the event. */
    volatile List<String> cancelPath = List.of();
    /** What Tokens waits for before each token when the question is "paced". */
    final Semaphore pace = new Semaphore(0);
    /** How many tokens have been sent. */
    final AtomicInteger sent = new AtomicInteger();

    final CountDownLatch released = new CountDownLatch(1);

    static Path idl() {
        try {
            return Path.of(Objects.requireNonNull(ChatService.class.getResource("/idl/chat.thrift"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    ServiceDefinition bind() {
        return IDL.bind(Form.values(), this);
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object unary(GenericMethod method, @Nullable Object request) throws Exception {
        switch (method.name()) {
            case "Ask":
                Map<String, Object> question = (Map<String, Object>) Objects.requireNonNull(request);
                if (question.get("text").equals("missing")) {
                    throw new GenericException("NotFound", Map.of("what", "an answer", "id", 9_007_199_254_740_993L));
                }
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("text", "you asked: " + question.get("text"));
                answer.put("id", question.getOrDefault("id", 0L));
                if (question.containsKey("mood")) {
                    answer.put("mood", question.get("mood"));
                }
                return answer;
            case "Fail":
                throw failure((String) Objects.requireNonNull(request));
            case "Metadata":
                CallContext call = CallContext.current();
                call.setHeader(Metadata.of("x-seen", "yes"));
                call.setTrailer(Metadata.of("x-cost", "3"));
                String name = (String) Objects.requireNonNull(request);
                return call.metadata().values(name) + " " + call.persistents() + " " + call.transients();
            case "Tell":
                events.add("told " + request);
                return null;
            case "Wait":
                CallContext waiting = CallContext.current();
                events.add("waiting");
                try {
                    released.await();
                } catch (InterruptedException e) {
                    events.add("cancelled: " + waiting.cancellation());
                    throw e;
                }
                return Map.of("text", "released", "id", 1L);
            default:
                return null;
        }
    }

    private static Exception failure(String how) {
        return switch (how) {
            case "business" -> new BizStatusException(1001, "no more credit", Map.of("left", "0"));
            case "status" -> new StatusException(StatusCode.NOT_FOUND, "no such chat");
            case "application" -> new ApplicationException(ApplicationException.INTERNAL_ERROR, "broken");
            case "unprintable" ->
                new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("not even its message");
                    }
                };
            default -> new IllegalStateException(how);
        };
    }

    private static Map<String, Object> token(int number, String text) {
        return Map.of("number", number, "text", text);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void serverStreaming(GenericMethod method, Object request, ServerStreamingServer<Object> stream)
            throws Exception {
        Map<String, Object> question = (Map<String, Object>) request;
        String text = (String) question.get("text");
        String last = stream.call().metadata().first("last-event-id");
        int from = last == null ? 0 : Integer.parseInt(last);
        stream.setHeader(Metadata.of("x-model", "parrot"));
        stream.setTrailer(Metadata.of("x-cost", "3"));
        events.add("streaming from " + from);
        try {
            switch (text) {
                case "paced" -> {
                    while (true) {
                        pace.acquire();
                        stream.send(token(++from, "token " + from));
                    }
                }
                case "endless" -> {
                    String large = "x".repeat(8 << 10);
                    while (true) {
                        stream.send(token(sent.incrementAndGet(), large));
                    }
                }
                case "failing" -> {
                    stream.send(token(1, "one"));
                    throw new BizStatusException(1001, "no more credit", Map.of("left", "0"));
                }
                default -> {
                    for (String word : text.split(" ", -1)) {
                        stream.send(token(++from, word));
                    }
                }
            }
        } catch (Exception | Error e) {
            if (stream.call().isCancelled()) {
                cancelPath = cancelPathOf(stream);
            }
            events.add("ended: " + stream.call().isCancelled());
            throw e;
        }
    }

    /** Of a stream that has been cancelled, so that what is sent fails, and says through whom the cancel came. */
    private static List<String> cancelPathOf(ServerStreamingServer<Object> ended) {
        try {
            ended.send(token(0, "nobody reads this"));
            return List.of();
        } catch (StreamException e) {
            return e.cancelPath();
        } catch (RuntimeException e) {
            return List.of(e.toString());
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public void clientStreaming(GenericMethod method, ClientStreamingServer<Object, Object> stream) {
        int sum = 0;
        StringBuilder texts = new StringBuilder();
        for (Object message = stream.recv(); message != null; message = stream.recv()) {
            Map<String, Object> token = (Map<String, Object>) message;
            sum += (Integer) token.get("number");
            texts.append(token.get("text"));
        }
        stream.sendAndClose(token(sum, texts.toString()));
    }

    @Override
    public void bidiStreaming(GenericMethod method, BidiStreamingServer<Object, Object> stream) {
        try {
            for (Object message = stream.recv(); message != null; message = stream.recv()) {
                stream.send(message);
            }
            events.add("talked");
        } catch (RuntimeException e) {
            events.add("ended: " + stream.call().isCancelled());
            throw e;
        }
    }
}
