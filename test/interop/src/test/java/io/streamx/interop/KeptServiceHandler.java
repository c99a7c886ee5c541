package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.interop.older.KeptService;
import io.streamx.interop.older.Message;
import io.streamx.interop.older.Refused;

/** Has the older IDL; its clients have the newer one. */
record KeptServiceHandler() implements KeptService {
    @Override
    public Message askKept(Message message) {
        if (message.count() == OlderMessages.REFUSED_COUNT) {
            throw new Refused("refused");
        }
        return reply(message);
    }

    @Override
    public void talkKept(BidiStreamingServer<Message, Message> stream) {
        for (Message message : stream) {
            stream.send(reply(message));
        }
    }

    /** A value that this IDL does not name goes on as it came. */
    private static Message reply(Message message) {
        return OlderMessages.full().toBuilder()
                .seen(OlderMessages.describe(message))
                .grade(message.grade())
                .build();
    }
}
