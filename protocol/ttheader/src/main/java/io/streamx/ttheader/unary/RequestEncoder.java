package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.wire.Limits;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.UnaryProtocol.Head;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbers and makes the requests of one client. Any thread. Source: docs/protocol/unary.md "3. Messages",
 * docs/protocol/ttheader.md "4. Integer keys".
 */
final class RequestEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(RequestEncoder.class);

    /**
     * The id of the last request. One counter serves all connections of the process, as in Kitex. It wraps around past
     * the largest number, and leaves 0 out.
     */
    private static final AtomicInteger LAST_SEQ_ID = new AtomicInteger();

    private final PingPong carrier;
    private final int flags;
    private final String clientName;
    private final MessageWriter writer;
    private final @Nullable Plain[] plain = new Plain[Plain.REMEMBERED];
    /** The methods whose callers were told last that metainfo is lost. */
    private final AtomicReferenceArray<@Nullable MethodDescriptor<?, ?>> warned =
            new AtomicReferenceArray<>(Plain.REMEMBERED);

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

    /** What may be wrong when the peer ends the connection without having answered on it; empty for nothing. */
    String hintForSilentPeers() {
        return switch (carrier) {
            case FRAMED, BUFFERED -> "";
            case TTHEADER, TTHEADER_FRAMED ->
                " (a server that speaks plain Thrift closes on carrier " + carrier
                        + ", which begins with a TTHeader: it needs pingPong(PingPong.FRAMED) or BUFFERED)";
        };
    }

    /** Warns that metainfo is lost, once for each method, as far as methods can be kept apart. */
    @SuppressWarnings("ReferenceEquality") // the very method: descriptors are made once
    private void warnOfLoss(MethodDescriptor<?, ?> method, Head head) {
        if (head.persistents().isEmpty() && head.transients().isEmpty()) {
            return;
        }
        int slot = System.identityHashCode(method) % Plain.REMEMBERED;
        if (warned.getAndSet(slot, method) != method) {
            Set<String> keys = new TreeSet<>(head.persistents().keySet());
            keys.addAll(head.transients().keySet());
            LOG.warn(
                    "{}: metainfo {} is not sent, since carrier {} has no room for it (expected: TTHEADER_FRAMED)",
                    method,
                    keys,
                    carrier);
        }
    }

    /** The whole message, which the caller owns. */
    <Req> ByteBuf encode(MethodDescriptor<Req, ?> method, Req request, Head head, int seqId) {
        MessageHeader.Type type = method.isOneway() ? MessageHeader.Type.ONEWAY : MessageHeader.Type.CALL;
        MessageHeader header = new MessageHeader(type, method.name(), seqId);
        Consumer<ByteBuf> arguments = out -> method.requestCodec().encode(request, out);
        PingPong on = on(method);
        return switch (on) {
            case FRAMED, BUFFERED -> {
                warnOfLoss(method, head);
                yield writer.write(on, method.format(), flags, Map.of(), Map.of(), header, arguments);
            }
            case TTHEADER, TTHEADER_FRAMED -> {
                String caller = CallContext.current().method();
                yield Plain.isPlain(head, caller)
                        ? writer.write(on, method.format(), plainHeader(on, method, head, type), header, arguments)
                        : writer.write(
                                on,
                                method.format(),
                                flags,
                                ints(on, method, head, type, caller),
                                strings(method, head),
                                header,
                                arguments);
            }
        };
    }

    /** The size of the arguments in a message that this encoder has made for {@code method}. */
    int payloadBytes(ByteBuf message, MethodDescriptor<?, ?> method) {
        return MessageWriter.payloadBytes(message, on(method));
    }

    /**
     * The carrier of a method's calls. Kitex Protobuf travels framed behind a TTHeader, whatever the client is set to.
     */
    private PingPong on(MethodDescriptor<?, ?> method) {
        return method.format() == PayloadFormat.PROTOBUF ? PingPong.TTHEADER_FRAMED : carrier;
    }

    /** The TTHeader of calls that differ in their sequence id alone. */
    private static final class Plain {
        /** How many methods are remembered, however many a proxy may make up. */
        static final int REMEMBERED = 16;

        private final MethodDescriptor<?, ?> method;
        private final String to;
        private final @Nullable Duration connectTimeout;
        final byte[] ttheader;

        Plain(MethodDescriptor<?, ?> method, Head head, byte[] ttheader) {
            this.method = method;
            to = head.to();
            connectTimeout = head.connectTimeout();
            this.ttheader = ttheader;
        }

        /** Whether a call says nothing of its own. */
        static boolean isPlain(Head head, String caller) {
            return caller.isEmpty()
                    && head.timeout() == null
                    && head.persistents().isEmpty()
                    && head.transients().isEmpty();
        }

        @SuppressWarnings("ReferenceEquality") // the very method: descriptors are made once
        boolean isOf(MethodDescriptor<?, ?> called, Head head) {
            return method == called && to.equals(head.to()) && Objects.equals(connectTimeout, head.connectTimeout());
        }
    }

    private byte[] plainHeader(PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type) {
        int slot = System.identityHashCode(method) % Plain.REMEMBERED;
        // No lock is needed: a record is seen whole, and at worst a record is made twice.
        Plain known = plain[slot];
        if (known == null || !known.isOf(method, head)) {
            known = new Plain(
                    method, head, writer.ttheader(flags, ints(on, method, head, type, ""), strings(method, head)));
            plain[slot] = known;
        }
        return known.ttheader;
    }

    private Map<Integer, String> ints(
            PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type, String caller) {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(IntKey.TRANSPORT_TYPE, on == PingPong.TTHEADER_FRAMED ? "framed" : "unframed");
        ints.put(IntKey.FROM_SERVICE, clientName);
        ints.put(IntKey.FROM_METHOD, caller);
        ints.put(IntKey.TO_SERVICE, head.to());
        ints.put(IntKey.TO_METHOD, method.name());
        ints.put(IntKey.MESSAGE_TYPE, Integer.toString(type.value()));
        if (head.timeout() != null) {
            ints.put(IntKey.RPC_TIMEOUT, Long.toString(millis(head.timeout())));
        }
        if (head.connectTimeout() != null) {
            ints.put(IntKey.CONNECT_TIMEOUT, Long.toString(millis(head.connectTimeout())));
        }
        return ints;
    }

    /** Less than a millisecond is rounded up, because 0 would say that no limit is set. */
    private static long millis(Duration limit) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(TimeLimit.nanos(limit)));
    }

    private static Map<String, String> strings(MethodDescriptor<?, ?> method, Head head) {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put(StringKey.IDL_SERVICE_NAME, method.service());
        TTHeaderMetainfo.addTo(strings, head.persistents(), head.transients());
        return strings;
    }
}
