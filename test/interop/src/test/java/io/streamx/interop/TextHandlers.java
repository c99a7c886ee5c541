package io.streamx.interop;

import io.streamx.ReceivingStream;
import io.streamx.ServerStream;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What handlers of messages of one text do, whatever the service. */
final class TextHandlers {
    private TextHandlers() {}

    /** Echoes what is no script; a script's last {@code send} is the reply, null stands for no result. */
    static @Nullable String unary(JavaServer peer, String request) throws Exception {
        if (!Step.isScript(request)) {
            return request;
        }
        String[] reply = {null};
        HandlerSession session = new HandlerSession(peer, null, () -> null, text -> reply[0] = text);
        boolean unused = session.run(request);
        return reply[0];
    }

    /** Echoes what is no script. */
    static void bidi(JavaServer peer, ServerStream stream, Supplier<@Nullable String> receive, Consumer<String> send)
            throws Exception {
        new HandlerSession(peer, stream, receive, send).serveMessages(send);
    }

    /** Replies with a digest of all messages, unless a script replied or ended the handler before. */
    static void collect(JavaServer peer, ServerStream stream, Supplier<@Nullable String> receive, Consumer<String> send)
            throws Exception {
        HandlerSession session = new HandlerSession(peer, stream, receive, send);
        session.serveMessages(text -> {});
        if (!session.replied() && !session.ended()) {
            session.send(session.digest());
        }
    }

    /** Obeys a script; any other request gets three messages. */
    static void produce(JavaServer peer, String request, ServerStream stream, Consumer<String> send) throws Exception {
        if (Step.isScript(request)) {
            boolean unused = new HandlerSession(peer, stream, () -> null, send).run(request);
            return;
        }
        for (int i = 0; i < 3; i++) {
            send.accept(request + i);
        }
    }

    /** The texts of the messages received. */
    static <M> Supplier<@Nullable String> texts(ReceivingStream<M> stream, Function<M, String> text) {
        return () -> {
            M message = stream.recv();
            return message == null ? null : text.apply(message);
        };
    }
}
