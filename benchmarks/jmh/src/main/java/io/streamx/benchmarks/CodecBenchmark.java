package io.streamx.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import golden.messages.Large;
import golden.messages.Small;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.thrift.Binary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.transport.AutoExpandingBufferWriteTransport;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.apache.thrift.transport.TTransportException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message of 100 bytes and a larger one of many types, to bytes in a buffer kept from call to call and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    private final ByteBuf buffer = Unpooled.buffer(4096);
    private final byte[] array = new byte[4096];
    private final AutoExpandingBufferWriteTransport apacheBuffer = apacheBuffer();
    private final TMemoryInputTransport apacheInput = apacheInput();

    private Small small;
    private Large large;
    private ByteBuf smallBytes;
    private ByteBuf largeBytes;

    private ApacheMessages.Small apacheSmall;
    private ApacheMessages.Large apacheLarge;
    private byte[] apacheSmallBytes;
    private byte[] apacheLargeBytes;

    private io.streamx.benchmarks.proto.Small protoSmall;
    private io.streamx.benchmarks.proto.Large protoLarge;
    private byte[] protoSmallBytes;
    private byte[] protoLargeBytes;

    private static AutoExpandingBufferWriteTransport apacheBuffer() {
        try {
            return new AutoExpandingBufferWriteTransport(TConfiguration.DEFAULT, 4096, 0);
        } catch (TTransportException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TMemoryInputTransport apacheInput() {
        try {
            return new TMemoryInputTransport();
        } catch (TTransportException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void encodeOnce() throws TException {
        small = small(1);
        List<Small> items = List.of(small(2), small(3), small(4));
        List<Long> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < 10; i++) {
            ids.add(1_000_000_007L * i);
            names.add("name of " + i);
            attributes.put("attribute-" + i, "the value of " + i);
        }
        large = Large.builder()
                .key("a key of some length")
                .ids(ids)
                .names(names)
                .attributes(attributes)
                .items(items)
                .first(small)
                .blob(Binary.of(new byte[64]))
                .score(0.25)
                .limit(100)
                .build();
        smallBytes = Unpooled.buffer();
        Small.CODEC.encode(small, smallBytes);
        largeBytes = Unpooled.buffer();
        Large.CODEC.encode(large, largeBytes);

        apacheSmallBytes = ByteBufUtil.getBytes(smallBytes);
        apacheLargeBytes = ByteBufUtil.getBytes(largeBytes);
        apacheInput.reset(apacheSmallBytes);
        apacheSmall = new ApacheMessages.Small().read(new TBinaryProtocol(apacheInput));
        apacheInput.reset(apacheLargeBytes);
        apacheLarge = new ApacheMessages.Large().read(new TBinaryProtocol(apacheInput));
        apacheLarge.blob = ByteBuffer.wrap(new byte[64]);

        protoSmall = proto(small);
        protoLarge = io.streamx.benchmarks.proto.Large.newBuilder()
                .setKey(large.key())
                .addAllIds(ids)
                .addAllNames(names)
                .putAllAttributes(attributes)
                .addAllItems(items.stream().map(CodecBenchmark::proto).toList())
                .setFirst(protoSmall)
                .setBlob(ByteString.copyFrom(new byte[64]))
                .setScore(large.score())
                .setLimit(100)
                .build();
        protoSmallBytes = protoSmall.toByteArray();
        protoLargeBytes = protoLarge.toByteArray();
        if (smallBytes.readableBytes() != 100) {
            throw new IllegalStateException("small message: " + smallBytes.readableBytes() + " bytes (expected: 100)");
        }
    }

    private static Small small(long id) {
        return new Small(id, 7, "a name of twenty-two c", "and a text of forty-one characters, or so", true);
    }

    private static io.streamx.benchmarks.proto.Small proto(Small small) {
        return io.streamx.benchmarks.proto.Small.newBuilder()
                .setId(small.id())
                .setKind(small.kind())
                .setName(small.name())
                .setText(small.text())
                .setUrgent(small.urgent())
                .build();
    }

    @Benchmark
    public ByteBuf encodeSmallStreamx() {
        buffer.clear();
        Small.CODEC.encode(small, buffer);
        return buffer;
    }

    @Benchmark
    public ByteBuf encodeLargeStreamx() {
        buffer.clear();
        Large.CODEC.encode(large, buffer);
        return buffer;
    }

    @Benchmark
    public Small decodeSmallStreamx() {
        return Small.CODEC.decode(smallBytes.readerIndex(0));
    }

    @Benchmark
    public Large decodeLargeStreamx() {
        return Large.CODEC.decode(largeBytes.readerIndex(0));
    }

    @Benchmark
    public byte[] encodeSmallProtobuf() throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(array);
        protoSmall.writeTo(out);
        out.flush();
        return array;
    }

    @Benchmark
    public byte[] encodeLargeProtobuf() throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(array);
        protoLarge.writeTo(out);
        out.flush();
        return array;
    }

    @Benchmark
    public Object decodeSmallProtobuf() throws InvalidProtocolBufferException {
        return io.streamx.benchmarks.proto.Small.parseFrom(protoSmallBytes);
    }

    @Benchmark
    public Object decodeLargeProtobuf() throws InvalidProtocolBufferException {
        return io.streamx.benchmarks.proto.Large.parseFrom(protoLargeBytes);
    }

    @Benchmark
    public Object encodeSmallLibthrift() throws TException {
        apacheBuffer.reset();
        apacheSmall.write(new TBinaryProtocol(apacheBuffer));
        return apacheBuffer;
    }

    @Benchmark
    public Object encodeLargeLibthrift() throws TException {
        apacheBuffer.reset();
        apacheLarge.write(new TBinaryProtocol(apacheBuffer));
        return apacheBuffer;
    }

    @Benchmark
    public Object decodeSmallLibthrift() throws TException {
        apacheInput.reset(apacheSmallBytes);
        return new ApacheMessages.Small().read(new TBinaryProtocol(apacheInput));
    }

    @Benchmark
    public Object decodeLargeLibthrift() throws TException {
        apacheInput.reset(apacheLargeBytes);
        return new ApacheMessages.Large().read(new TBinaryProtocol(apacheInput));
    }
}
