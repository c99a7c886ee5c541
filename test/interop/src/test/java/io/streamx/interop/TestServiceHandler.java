package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.interop.echo.Request;
import io.streamx.interop.echo.Response;
import io.streamx.interop.echo.TestService;
import org.jspecify.annotations.Nullable;

/** Serves the IDL of the README's example. */
record TestServiceHandler(JavaServer peer) implements TestService {
    @Override
    public @Nullable Response pingPong(Request req) throws Exception {
        String reply = TextHandlers.unary(peer, req.message());
        return reply == null ? null : new Response(reply);
    }

    @Override
    public void echo(BidiStreamingServer<Request, Response> stream) throws Exception {
        TextHandlers.bidi(
                peer, stream, TextHandlers.texts(stream, Request::message), text -> stream.send(new Response(text)));
    }

    @Override
    public void echoClient(ClientStreamingServer<Request, Response> stream) throws Exception {
        TextHandlers.collect(
                peer,
                stream,
                TextHandlers.texts(stream, Request::message),
                text -> stream.sendAndClose(new Response(text)));
    }

    @Override
    public void echoServer(Request req, ServerStreamingServer<Response> stream) throws Exception {
        TextHandlers.produce(peer, req.message(), stream, text -> stream.send(new Response(text)));
    }
}
