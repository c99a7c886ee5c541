package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.OutboundMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a stream as frames of a WebSocket: texts of JSON like the lines of {@link EventFormats.Lines}, behind the last
 * of which the WebSocket is closed. Frames are written here, on the threads of senders, because several messages are on their
 * way together. Source: RFC 6455 section 5.2.
 */
final class WebSocketFormat implements StreamFormat {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int HEADER_BYTES = 2;
    private static final int MAX_SHORT = 125;
    private static final int MAX_MEDIUM = 0xffff;
    private static final int MEDIUM = 126;
    private static final int LONG = 127;
    /** Where the close codes of failed streams begin, among those that RFC 6455 leaves to applications. */
    private static final int FAILED = 4000;
    /** How many close codes there are from {@link #FAILED} on. */
    private static final int FAILED_CODES = 1000;

    private static final byte[] BEGIN = "{\"message\":".getBytes(StandardCharsets.UTF_8);

    private final int maxMessageBytes;

    WebSocketFormat(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** There are no headers, because the response's head was sent before the stream began. */
    @Override
    public String protocol() {
        return "websocket";
    }

    @Override
    public HttpHeaders headers() {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders();
    }

    @Override
    public void begin(OutboundMessage empty) {
        empty.writeByte(TEXT).writeByte(0).writeBytes(BEGIN);
    }

    @Override
    public void complete(OutboundMessage message) {
        if (message.payloadBytes() > maxMessageBytes) {
            throw GrpcFailures.SERVER.messageTooLarge(message.payloadBytes(), maxMessageBytes);
        }
        message.writeByte('}');
        int start = message.readerIndex();
        int length = message.readableBytes() - HEADER_BYTES;
        if (length <= MAX_SHORT) {
            message.setByte(start + 1, length);
            return;
        }
        int lengthBytes = length <= MAX_MEDIUM ? Short.BYTES : Long.BYTES;
        message.writeZero(lengthBytes);
        message.setBytes(start + HEADER_BYTES + lengthBytes, message, start + HEADER_BYTES, length);
        if (lengthBytes == Short.BYTES) {
            message.setByte(start + 1, MEDIUM).setShort(start + HEADER_BYTES, length);
        } else {
            message.setByte(start + 1, LONG).setLong(start + HEADER_BYTES, length);
        }
    }

    private static ByteBuf frame(int type, ByteBuf content) {
        int length = content.readableBytes();
        ByteBuf frame = Unpooled.buffer(HEADER_BYTES + Long.BYTES + length).writeByte(type);
        if (length <= MAX_SHORT) {
            frame.writeByte(length);
        } else if (length <= MAX_MEDIUM) {
            frame.writeByte(MEDIUM).writeShort(length);
        } else {
            frame.writeByte(LONG).writeLong(length);
        }
        frame.writeBytes(content);
        content.release();
        return frame;
    }

    private static ByteBuf text(String json) {
        return frame(TEXT, HttpReply.utf8(json));
    }

    @Override
    public ByteBuf heartbeat() {
        return frame(PING, Unpooled.buffer(0));
    }

    @Override
    public ByteBuf lateHeader(Metadata entries) {
        return text("{\"header\":" + ErrorJson.metadata(entries) + "}");
    }

    @Override
    public ByteBuf end(Metadata trailer, @Nullable CallError error) {
        ByteBuf end = text("{\"end\":" + ErrorJson.end(error, trailer) + "}");
        ByteBuf close = error == null
                ? close(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "")
                : close(closeCode(error.code()), error.codeName());
        end.writeBytes(close);
        close.release();
        return end;
    }

    /** A handler's own code may be any number, and a WebSocket has no close code above 4999. */
    private static int closeCode(int code) {
        return FAILED + (code >= 0 && code < FAILED_CODES ? code : StatusCode.UNKNOWN);
    }

    /** A frame that closes. */
    static ByteBuf close(int code, String reason) {
        ByteBuf content = Unpooled.buffer(Short.BYTES + reason.length()).writeShort(code);
        content.writeCharSequence(reason, StandardCharsets.UTF_8);
        return frame(CLOSE, content);
    }
}
