package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.PreparedHeader;
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
    private final @Nullable Plain<byte[]>[] plain = slots();
    private final @Nullable Plain<PreparedHeader>[] prepared = slots();
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

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
    private static <T> @Nullable Plain<T>[] slots() {
        return new Plain[Plain.REMEMBERED];
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
        int slot = Plain.slot(method, "");
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
                        : withEntries(on, method, head, type, caller, header, arguments);
            }
        };
    }

    /** A message whose TTHeader says something of this call: metainfo, a time limit or the method that makes it. */
    private ByteBuf withEntries(
            PingPong on,
            MethodDescriptor<?, ?> method,
            Head head,
            MessageHeader.Type type,
            String caller,
            MessageHeader header,
            Consumer<ByteBuf> arguments) {
        Duration timeout = head.timeout();
        String millis = timeout == null ? null : Long.toString(millis(timeout));
        PreparedHeader prepared = preparedHeader(on, method, head, type, caller);
        ByteBuf written = writer.write(on, method.format(), prepared, head, millis, header, arguments);
        if (written != null) {
            return written;
        }
        Map<Integer, String> ints = ints(on, method, head, type, caller);
        if (millis != null) {
            ints.put(IntKey.RPC_TIMEOUT, millis);
        }
        Map<String, String> strings = strings(method);
        TTHeaderMetainfo.addTo(strings, head.persistents(), head.transients());
        return writer.write(on, method.format(), flags, ints, strings, header, arguments);
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

    /** The TTHeader of calls that differ in their sequence id alone, or in what {@link PreparedHeader#write} adds. */
    private static final class Plain<T> {
        /** How many methods are remembered, however many a proxy may make up. */
        static final int REMEMBERED = 16;

        private final MethodDescriptor<?, ?> method;
        private final String caller;
        private final String to;
        private final @Nullable Duration connectTimeout;
        final T ttheader;

        Plain(MethodDescriptor<?, ?> method, String caller, Head head, T ttheader) {
            this.method = method;
            this.caller = caller;
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

        static int slot(MethodDescriptor<?, ?> method, String caller) {
            return Math.floorMod(System.identityHashCode(method) + caller.hashCode(), REMEMBERED);
        }

        @SuppressWarnings("ReferenceEquality") // the very method: descriptors are made once
        boolean isOf(MethodDescriptor<?, ?> called, String by, Head head) {
            return method == called
                    && caller.equals(by)
                    && to.equals(head.to())
                    && Objects.equals(connectTimeout, head.connectTimeout());
        }
    }

    private byte[] plainHeader(PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type) {
        int slot = Plain.slot(method, "");
        // No lock is needed: a record is seen whole, and at worst a record is made twice.
        Plain<byte[]> known = plain[slot];
        if (known == null || !known.isOf(method, "", head)) {
            byte[] ttheader = writer.ttheader(flags, ints(on, method, head, type, ""), strings(method));
            known = new Plain<>(method, "", head, ttheader);
            plain[slot] = known;
        }
        return known.ttheader;
    }

    private PreparedHeader preparedHeader(
            PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type, String caller) {
        int slot = Plain.slot(method, caller);
        Plain<PreparedHeader> known = prepared[slot];
        if (known == null || !known.isOf(method, caller, head)) {
            PreparedHeader ttheader = writer.prepare(flags, ints(on, method, head, type, caller), strings(method));
            known = new Plain<>(method, caller, head, ttheader);
            prepared[slot] = known;
        }
        return known.ttheader;
    }

    /** What is the same in all calls of {@code caller} to {@code method}. */
    private Map<Integer, String> ints(
            PingPong on, MethodDescriptor<?, ?> method, Head head, MessageHeader.Type type, String caller) {
        Map<Integer, String> ints = new LinkedHashMap<>();
        ints.put(IntKey.TRANSPORT_TYPE, on == PingPong.TTHEADER_FRAMED ? "framed" : "unframed");
        ints.put(IntKey.FROM_SERVICE, clientName);
        ints.put(IntKey.FROM_METHOD, caller);
        ints.put(IntKey.TO_SERVICE, head.to());
        ints.put(IntKey.TO_METHOD, method.name());
        ints.put(IntKey.MESSAGE_TYPE, Integer.toString(type.value()));
        if (head.connectTimeout() != null) {
            ints.put(IntKey.CONNECT_TIMEOUT, Long.toString(millis(head.connectTimeout())));
        }
        return ints;
    }

    /** Less than a millisecond is rounded up, because 0 would say that no limit is set. */
    private static long millis(Duration limit) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(TimeLimit.nanos(limit)));
    }

    private static Map<String, String> strings(MethodDescriptor<?, ?> method) {
        Map<String, String> strings = new LinkedHashMap<>();
        strings.put(StringKey.IDL_SERVICE_NAME, method.service());
        return strings;
    }
}
