package io.streamx.interop;

import io.streamx.BidiStreamingServer;
import io.streamx.interop.newer.Message;
import io.streamx.interop.newer.Refused;
import io.streamx.interop.newer.UpgradedService;

/** Has the newer IDL; its clients have the older one. */
record UpgradedServiceHandler() implements UpgradedService {
    @Override
    public Message askUpgraded(Message message, String note) {
        if (message.count() == OlderMessages.REFUSED_COUNT) {
            throw new Refused("refused", 12);
        }
        return reply(NewerMessages.describe(message) + " note " + note);
    }

    @Override
    public void talkUpgraded(BidiStreamingServer<Message, Message> stream) {
        for (Message message : stream) {
            stream.send(reply(NewerMessages.describe(message)));
        }
    }

    private static Message reply(String seen) {
        return NewerMessages.full().toBuilder().seen(seen).build();
    }
}
