package io.streamx.benchmarks;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The methods that grpc-java serves and calls, and how it writes and reads their messages, which are bytes. */
final class GrpcMethods {
    static final String SERVICE = "Bench";

    /** Each message is answered with itself. */
    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodDescriptor.MethodType.BIDI_STREAMING);

    /** The server sends for the time that the request asks for. */
    static final MethodDescriptor<byte[], byte[]> DOWN = method("Down", MethodDescriptor.MethodType.SERVER_STREAMING);

    /** The server counts what the client sends. */
    static final MethodDescriptor<byte[], byte[]> UP = method("Up", MethodDescriptor.MethodType.CLIENT_STREAMING);

    /** The request is the answer. */
    static final MethodDescriptor<byte[], byte[]> CALL = method("Call", MethodDescriptor.MethodType.UNARY);

    private GrpcMethods() {}

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        Bytes bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .build();
    }

    /** Message bytes as they are, copied once in and once out as generated messages are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new BytesStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                byte[] message = new byte[stream.available()];
                if (stream.readNBytes(message, 0, message.length) != message.length) {
                    throw new IOException("message ended early");
                }
                return message;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Tells its length and writes itself in one piece, as the streams of generated messages do. */
    private static final class BytesStream extends ByteArrayInputStream implements KnownLength, Drainable {
        BytesStream(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = available();
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
