package io.streamx.interop;

import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingClient;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.interop.messages.MessageService;
import io.streamx.interop.messages.MessageServiceClient;
import io.streamx.interop.messages.Reply;
import io.streamx.interop.messages.Request;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * The Protobuf methods of a {@link TracedJavaPeer}.
 *
 * @param answer gives the reply to a method, the first argument, whose last message is the second one
 */
record TracedMessages(BinaryOperator<String> answer) implements MessageService {
    static final Set<String> METHODS = Set.of("Ask", "Gather", "Tell", "Talk");

    /** Makes one call with one message, to its end, and gives the reply. */
    static String call(Client client, String method, String text) {
        MessageServiceClient calls = new MessageServiceClient(client);
        Request request = Request.newBuilder().setMessage(text).build();
        return switch (method) {
            case "Ask" -> calls.ask(request).getMessage();
            case "Gather" -> {
                try (ClientStreamingClient<Request, Reply> stream = calls.gather()) {
                    stream.send(request);
                    yield stream.closeAndRecv().getMessage();
                }
            }
            case "Tell" -> {
                try (var stream = calls.tell(request)) {
                    yield lastOf(stream);
                }
            }
            case "Talk" -> {
                try (BidiStreamingClient<Request, Reply> stream = calls.talk()) {
                    stream.send(request);
                    stream.closeSend();
                    yield lastOf(stream);
                }
            }
            default -> throw new IllegalArgumentException("method: '" + method + "' (expected: one of messages.proto)");
        };
    }

    private static String lastOf(Iterable<Reply> replies) {
        String last = "";
        for (Reply one : replies) {
            last = one.getMessage();
        }
        return last;
    }

    private static String lastRequestOf(Iterable<Request> requests) {
        String last = "";
        for (Request one : requests) {
            last = one.getMessage();
        }
        return last;
    }

    private Reply reply(String method, String request) {
        return Reply.newBuilder().setMessage(answer.apply(method, request)).build();
    }

    @Override
    public Reply ask(Request request) {
        return reply("Ask", request.getMessage());
    }

    @Override
    public void talk(BidiStreamingServer<Request, Reply> stream) {
        stream.send(reply("Talk", lastRequestOf(stream)));
    }

    @Override
    public void gather(ClientStreamingServer<Request, Reply> stream) {
        stream.sendAndClose(reply("Gather", lastRequestOf(stream)));
    }

    @Override
    public void tell(Request request, ServerStreamingServer<Reply> stream) {
        stream.send(reply("Tell", request.getMessage()));
    }
}
