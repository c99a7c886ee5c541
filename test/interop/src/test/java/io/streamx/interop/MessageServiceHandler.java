package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.interop.messages.MessageService;
import io.streamx.interop.messages.Reply;
import io.streamx.interop.messages.Request;

/** Serves the methods of one text as Protobuf. */
record MessageServiceHandler(JavaServer peer) implements MessageService {
    @Override
    public Reply ask(Request request) throws Exception {
        String reply = TextHandlers.unary(peer, request.getMessage());
        return reply == null ? Reply.getDefaultInstance() : reply(reply);
    }

    @Override
    public void talk(BidiStreamingServer<Request, Reply> stream) throws Exception {
        TextHandlers.bidi(
                peer, stream, TextHandlers.texts(stream, Request::getMessage), text -> stream.send(reply(text)));
    }

    @Override
    public void gather(ClientStreamingServer<Request, Reply> stream) throws Exception {
        TextHandlers.collect(
                peer,
                stream,
                TextHandlers.texts(stream, Request::getMessage),
                text -> stream.sendAndClose(reply(text)));
    }

    @Override
    public void tell(Request request, ServerStreamingServer<Reply> stream) throws Exception {
        TextHandlers.produce(peer, request.getMessage(), stream, text -> stream.send(reply(text)));
    }

    private static Reply reply(String text) {
        return Reply.newBuilder().setMessage(text).build();
    }
}
