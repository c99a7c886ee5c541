package io.streamx.dns;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.streamx.discovery.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks name servers, on a socket and an event loop of its own. For one thread at a time. */
final class DnsQuestions implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** How long an answer without records may be used. It is short, so that servers that come are found soon. */
    private static final long NOTHING_LIVES_SECONDS = 1;

    private final IoEventLoopGroup loop;
    private final DnsNameResolver resolver;

    /** What was found, and for how long it may be used. */
    record Answer(List<Instance> instances, long secondsToLive) {}

    /** A target of an SRV record. */
    private record Target(int priority, int weight, int port, String host, long secondsToLive) {}

    DnsQuestions(@Nullable List<InetSocketAddress> servers) {
        loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("streamx-dns", true), NioIoHandler.newFactory());
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop.next())
                .datagramChannelType(NioDatagramChannel.class)
                // Answers that do not fit into a datagram come over TCP.
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(ANSWER.toMillis())
                .resolveCache(NoopDnsCache.INSTANCE);
        if (servers != null) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
        }
        resolver = builder.build();
    }

    /** The addresses of a name. */
    Answer addresses(String name, int port) throws IOException, InterruptedException {
        List<Instance> found = new ArrayList<>();
        long lives = Long.MAX_VALUE;
        for (DnsRecordType type : List.of(DnsRecordType.A, DnsRecordType.AAAA)) {
            for (DnsRecord record : ask(name, type)) {
                try {
                    if (record.type().equals(type) && record instanceof DnsRawRecord raw) {
                        byte[] address = new byte[raw.content().readableBytes()];
                        raw.content().readBytes(address);
                        found.add(new Instance(
                                InetAddress.getByAddress(address).getHostAddress(),
                                port,
                                Instance.DEFAULT_WEIGHT,
                                Map.of()));
                        lives = Math.min(lives, record.timeToLive());
                    }
                } finally {
                    ReferenceCountUtil.release(record);
                }
            }
        }
        return new Answer(found, found.isEmpty() ? NOTHING_LIVES_SECONDS : lives);
    }

    /** The addresses of the targets of the first priority. */
    Answer targets(String name) throws IOException, InterruptedException {
        List<Target> targets = new ArrayList<>();
        for (DnsRecord record : ask(name, DnsRecordType.SRV)) {
            try {
                if (record.type().equals(DnsRecordType.SRV) && record instanceof DnsRawRecord raw) {
                    targets.add(target(raw.content(), record.timeToLive()));
                }
            } finally {
                ReferenceCountUtil.release(record);
            }
        }
        int first = targets.stream().mapToInt(Target::priority).min().orElse(0);
        List<Instance> found = new ArrayList<>();
        long lives = Long.MAX_VALUE;
        for (Target target : targets) {
            if (target.priority() == first) {
                Answer answer = addresses(target.host(), target.port());
                for (Instance instance : answer.instances()) {
                    found.add(instance.withWeight(Math.max(1, target.weight())));
                }
                lives = Math.min(lives, Math.min(target.secondsToLive(), answer.secondsToLive()));
            }
        }
        return new Answer(found, found.isEmpty() ? NOTHING_LIVES_SECONDS : lives);
    }

    private static Target target(ByteBuf content, long secondsToLive) {
        int priority = content.readUnsignedShort();
        int weight = content.readUnsignedShort();
        int port = content.readUnsignedShort();
        String host = DefaultDnsRecordDecoder.decodeName(content);
        return new Target(priority, weight, port, host, secondsToLive);
    }

    /** The records of a name; none where a server says that there are none. */
    private List<DnsRecord> ask(String name, DnsRecordType type) throws IOException, InterruptedException {
        Future<List<DnsRecord>> answer = resolver.resolveAll(new DefaultDnsQuestion(name, type));
        if (!answer.await(2 * ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
            answer.cancel(true);
            throw new IOException("no answer within " + 2 * ANSWER.toSeconds() + " s");
        }
        if (answer.isSuccess()) {
            return answer.getNow();
        }
        Throwable failure = answer.cause();
        if (saysThereIsNone(failure)) {
            return List.of();
        }
        throw new IOException(type.name() + " of " + name + ": " + reason(failure), failure);
    }

    /** Whether {@code failure} is the answer that a name has no such records, and not that nobody answered. */
    private static boolean saysThereIsNone(Throwable failure) {
        // The exception for an answer without records of the type has no cause. Where nobody answered there is a cause.
        if (failure instanceof UnknownHostException && failure.getCause() == null) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException error) {
                return error.getCode().equals(DnsResponseCode.NXDOMAIN)
                        || error.getCode().equals(DnsResponseCode.NXRRSET)
                        || error.getCode().equals(DnsResponseCode.NOERROR);
            }
        }
        return false;
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException error) {
                return error.getCode().toString();
            }
        }
        String message = failure instanceof UnknownHostException ? failure.getMessage() : failure.toString();
        Throwable cause = failure.getCause();
        return cause == null ? String.valueOf(message) : message + ": " + cause.getMessage();
    }

    @Override
    public void close() {
        resolver.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
