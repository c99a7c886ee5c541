package io.streamx.interop;

import io.streamx.BidiStreamingClient;
import io.streamx.RpcException;
import io.streamx.interop.newer.KeptServiceClient;
import io.streamx.interop.older.UpgradedServiceClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Steps in which the client has one version of the IDL and the server the other. */
final class Evolution {
    private Evolution() {}

    /** The client has the newer one. */
    static List<String> play(String step, KeptServiceClient client) {
        io.streamx.interop.newer.Message full = NewerMessages.full();
        try {
            return switch (step) {
                case "newer" -> seen(client.askKept(full, "unknown to the server"));
                case "newerbidi" -> onceAround(client.talkKept(), full, Evolution::seen);
                default ->
                    seen(client.askKept(
                            full.toBuilder().count(OlderMessages.REFUSED_COUNT).build(), ""));
            };
        } catch (io.streamx.interop.newer.Refused e) {
            return List.of("refused " + e.reason() + " code " + e.code());
        } catch (RpcException e) {
            return List.of(Outcomes.describe(e));
        }
    }

    /** The client has the older one. */
    static List<String> play(String step, UpgradedServiceClient client) {
        io.streamx.interop.older.Message full = OlderMessages.full();
        try {
            return switch (step) {
                case "older" -> seen(client.askUpgraded(full));
                case "olderbidi" -> onceAround(client.talkUpgraded(), full, Evolution::seen);
                default ->
                    seen(client.askUpgraded(
                            full.toBuilder().count(OlderMessages.REFUSED_COUNT).build()));
            };
        } catch (io.streamx.interop.older.Refused e) {
            return List.of("refused " + e.reason());
        } catch (RpcException e) {
            return List.of(Outcomes.describe(e));
        }
    }

    private static List<String> seen(io.streamx.interop.newer.Message reply) {
        return List.of("server: " + reply.seen(), "client: " + NewerMessages.describe(reply));
    }

    private static List<String> seen(io.streamx.interop.older.Message reply) {
        return List.of("server: " + reply.seen(), "client: " + OlderMessages.describe(reply));
    }

    /** Sends one message, ends the sending and receives to the end. */
    private static <M> List<String> onceAround(
            BidiStreamingClient<M, M> opened, M sent, Function<M, List<String>> show) {
        List<String> seen = new ArrayList<>();
        try (BidiStreamingClient<M, M> stream = opened) {
            stream.send(sent);
            stream.closeSend();
            for (M reply : stream) {
                seen.addAll(show.apply(reply));
            }
        }
        return seen;
    }
}
