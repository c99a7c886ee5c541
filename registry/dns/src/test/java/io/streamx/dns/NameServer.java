package io.streamx.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A name server that knows what tests tell it. */
final class NameServer implements AutoCloseable {
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;
    private volatile DnsResponseCode failing;

    NameServer() {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<NioDatagramChannel>() {
                    @Override
                    protected void initChannel(NioDatagramChannel datagrams) {
                        datagrams
                                .pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(),
                                        new DatagramDnsResponseEncoder(),
                                        new Answering());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    private static String key(String name, DnsRecordType type) {
        String lower = name.toLowerCase(Locale.ROOT);
        return (lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower) + " " + type.name();
    }

    /** The name has those addresses now, and no others. */
    void addresses(String name, String... addresses) throws UnknownHostException {
        List<byte[]> four = new ArrayList<>();
        List<byte[]> six = new ArrayList<>();
        for (String address : addresses) {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            (bytes.length == 4 ? four : six).add(bytes);
        }
        records.put(key(name, DnsRecordType.A), four);
        records.put(key(name, DnsRecordType.AAAA), six);
    }

    /** The name has one more SRV record. */
    void service(String name, int priority, int weight, int port, String target) {
        ByteBuf content =
                Unpooled.buffer().writeShort(priority).writeShort(weight).writeShort(port);
        for (String label : target.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            content.writeByte(bytes.length).writeBytes(bytes);
        }
        content.writeByte(0);
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        records.computeIfAbsent(key(name, DnsRecordType.SRV), unused -> new ArrayList<>())
                .add(bytes);
    }

    /** Answers everything with that; null for the records again. */
    void fail(DnsResponseCode code) {
        failing = code;
    }

    private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse answer = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            answer.setAuthoritativeAnswer(true).addRecord(DnsSection.QUESTION, question);
            List<byte[]> found = records.get(key(question.name(), question.type()));
            if (failing != null) {
                answer.setCode(failing);
            } else if (found == null) {
                answer.setCode(DnsResponseCode.NXDOMAIN);
            } else {
                for (byte[] content : found) {
                    answer.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(), question.type(), 1, Unpooled.wrappedBuffer(content)));
                }
            }
            context.writeAndFlush(answer);
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
