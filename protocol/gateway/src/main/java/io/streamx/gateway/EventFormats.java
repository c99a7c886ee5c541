package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.Metadata;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.OutboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The two formats of streams of JSON: server-sent events, and a line for each message. */
final class EventFormats {
    static final String EVENT_STREAM = "text/event-stream";
    static final String LINES = "application/x-ndjson";

    private EventFormats() {}

    private static HttpHeaders headers(String contentType) {
        return HttpReply.headers(contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                // nginx collects a response before it passes any of it on, unless it is told not to.
                .set("x-accel-buffering", "no");
    }

    private static void checkSize(OutboundMessage message, int limit) {
        if (message.payloadBytes() > limit) {
            throw GrpcFailures.SERVER.messageTooLarge(message.payloadBytes(), limit);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Server-sent events. Each message is an event with a number, which goes on from the one that the reader had last. The end
     * is an event {@code end}. Source: HTML Living Standard, "Server-sent events".
     */
    static final class Events implements StreamFormat {
        private static final byte[] BEGIN = bytes("data: ");
        private static final byte[] ID = bytes("\nid: ");
        private static final byte[] END = bytes("\n\n");

        private final AtomicLong lastId;
        private final int maxMessageBytes;

        /** {@code lastEventId} is what the reader had last; null for nothing. */
        Events(@Nullable String lastEventId, int maxMessageBytes) {
            lastId = new AtomicLong(number(lastEventId));
            this.maxMessageBytes = maxMessageBytes;
        }

        private static long number(@Nullable String lastEventId) {
            try {
                return lastEventId == null ? 0 : Math.max(0, Long.parseLong(lastEventId));
            } catch (NumberFormatException notOfThisServer) {
                return 0;
            }
        }

        @Override
        public String protocol() {
            return "events";
        }

        @Override
        public HttpHeaders headers() {
            return EventFormats.headers(EVENT_STREAM);
        }

        @Override
        public void begin(OutboundMessage empty) {
            empty.writeBytes(BEGIN);
        }

        @Override
        public void complete(OutboundMessage message) {
            checkSize(message, maxMessageBytes);
            // The number stands behind the message, because a message that cannot be encoded is to take none.
            message.writeBytes(ID);
            ByteBufUtil.writeAscii(message, Long.toString(lastId.incrementAndGet()));
            message.writeBytes(END);
        }

        @Override
        public ByteBuf heartbeat() {
            return HttpReply.utf8(":\n\n");
        }

        @Override
        public ByteBuf lateHeader(Metadata entries) {
            return HttpReply.utf8("event: header\ndata: " + ErrorJson.metadata(entries) + "\n\n");
        }

        @Override
        public ByteBuf end(Metadata trailer, @Nullable CallError error) {
            return HttpReply.utf8("event: end\ndata: " + ErrorJson.end(error, trailer) + "\n\n");
        }
    }

    /** A line for each message, and a last one for the end, so that a stream that was cut off shows. */
    static final class Lines implements StreamFormat {
        private static final byte[] BEGIN = bytes("{\"message\":");
        private static final byte[] END = bytes("}\n");

        private final int maxMessageBytes;

        Lines(int maxMessageBytes) {
            this.maxMessageBytes = maxMessageBytes;
        }

        @Override
        public String protocol() {
            return "json_lines";
        }

        @Override
        public HttpHeaders headers() {
            return EventFormats.headers(LINES);
        }

        @Override
        public void begin(OutboundMessage empty) {
            empty.writeBytes(BEGIN);
        }

        @Override
        public void complete(OutboundMessage message) {
            checkSize(message, maxMessageBytes);
            message.writeBytes(END);
        }

        @Override
        public ByteBuf heartbeat() {
            return HttpReply.utf8("\n");
        }

        @Override
        public ByteBuf lateHeader(Metadata entries) {
            return HttpReply.utf8("{\"header\":" + ErrorJson.metadata(entries) + "}\n");
        }

        @Override
        public ByteBuf end(Metadata trailer, @Nullable CallError error) {
            return HttpReply.utf8("{\"end\":" + ErrorJson.end(error, trailer) + "}\n");
        }
    }
}
