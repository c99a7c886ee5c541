package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.engine.Limits;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.transport.UnaryProtocol.Head;
import io.streamx.ttheader.Metainfo;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Numbers and makes the requests of one client. Any thread. Source: spec unary-thrift section 3, ttheader section 4. */
final class RequestEncoder {
    /** One count for all connections of the process, as in Kitex; past the largest to the smallest, never 0. */
    private static final AtomicInteger LAST_SEQ_ID = new AtomicInteger();

    private final PingPong carrier;
    private final int flags;
    private final String clientName;
    private final MessageWriter writer;

    /** {@code flags} are bits of {@link io.streamx.ttheader.frame.TTHeader.Flags}. */
    RequestEncoder(PingPong carrier, int flags, String clientName, Limits limits) {
        this.carrier = carrier;
        this.flags = flags;
        this.clientName = clientName;
        writer = new MessageWriter(limits);
    }

    static int nextSeqId() {
        int id = LAST_SEQ_ID.incrementAndGet();
        return id == 0 ? LAST_SEQ_ID.incrementAndGet() : id;
    }

    /** The whole message; the caller's. */
    <Req> ByteBuf encode(MethodDescriptor<Req, ?> method, Req request, Head head, int seqId) {
        MessageHeader.Type type = method.isOneway() ? MessageHeader.Type.ONEWAY : MessageHeader.Type.CALL;
        MessageHeader header = new MessageHeader(type, method.name(), seqId);
        Consumer<ByteBuf> arguments = out -> method.requestCodec().encode(request, out);
        // Kitex Protobuf travels framed behind a TTHeader whatever the client is set to.
        PingPong on = method.format() == PayloadFormat.PROTOBUF ? PingPong.TTHEADER_FRAMED : carrier;
        return switch (on) {
            case FRAMED, BUFFERED -> writer.write(on, method.format(), flags, Map.of(), Map.of(), header, arguments);
            case TTHEADER, TTHEADER_FRAMED ->
                writer.write(
                        on,
                        method.format(),
                        flags,
                        ints(on, method, head, type),
                        strings(method, head),
                        header,
                        arguments);
        };
    }

    private Map<Integer, String> ints(PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type) {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(IntKey.TRANSPORT_TYPE, on == PingPong.TTHEADER_FRAMED ? "framed" : "unframed");
        ints.put(IntKey.FROM_SERVICE, clientName);
        ints.put(IntKey.FROM_METHOD, CallContext.current().method());
        ints.put(IntKey.TO_SERVICE, head.to());
        ints.put(IntKey.TO_METHOD, method.name());
        ints.put(IntKey.MESSAGE_TYPE, Integer.toString(type.value()));
        if (head.timeout() != null) {
            // Less than a millisecond left is not none at all, which 0 would say.
            ints.put(
                    IntKey.RPC_TIMEOUT, Long.toString(Math.max(1, head.timeout().toMillis())));
        }
        if (head.connectTimeout() != null) {
            ints.put(
                    IntKey.CONNECT_TIMEOUT,
                    Long.toString(Math.max(1, head.connectTimeout().toMillis())));
        }
        return ints;
    }

    private static Map<String, String> strings(MethodDescriptor<?, ?> method, Head head) {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put(StringKey.IDL_SERVICE_NAME, method.service());
        Metainfo.addTo(strings, head.persistents(), head.transients());
        return strings;
    }
}
