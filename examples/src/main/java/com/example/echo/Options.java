package com.example.echo;

import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.StreamException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.Map;

/** Metainfo, timeouts, headers, trailers and errors. */
public final class Options {
    private Options() {}

    /** Sends entries of its own before and after its messages, and refuses what it does not like. */
    static final class Teller extends EchoHandler {
        @Override
        public void echoServer(Request req, io.streamx.ServerStreamingServer<Response> stream) {
            if (req.message().isEmpty()) {
                throw new BizStatusException(10001, "nothing to say", Map.of("field", "message"));
            }
            stream.setTrailer(Map.of("t1", "v1"));
            stream.sendHeader(Map.of("h1", "v1"));
            stream.send(
                    new Response(req.message() + " for " + CallContext.current().persistent("user")));
        }
    }

    public static void main(String[] args) {
        try (Server server = Server.builder()
                        .port(0)
                        .service(TestService.bind(new Teller()))
                        .start();
                Client client = Client.builder("a.b.c")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            TestServiceClient tuned = new TestServiceClient(client) // a cheap view; the connections are shared
                    .withRecvTimeout(RecvTimeout.of(Duration.ofSeconds(3)).keepRemote())
                    .withTimeout(Duration.ofMinutes(1))
                    .withPersistent("user", "ann");
            System.out.println(told(tuned, "hello"));
            System.out.println(told(tuned, ""));
        }
    }

    /** What came of one call, in words. */
    static String told(TestServiceClient echo, String message) {
        try (var stream = echo.echoServer(new Request(message))) {
            StringBuilder told = new StringBuilder();
            for (Response reply : stream) {
                told.append(reply.message());
            }
            return told + ", header " + stream.header() + ", trailer " + stream.trailer();
        } catch (BizStatusException e) {
            return "refused with " + e.code() + ", " + e.bizMessage() + ", " + e.extra();
        } catch (StreamException e) {
            return "failed with " + e.code() + " at the " + e.side() + " side: " + e.detail();
        } catch (RpcException e) {
            return "failed: " + e.getMessage();
        }
    }
}
