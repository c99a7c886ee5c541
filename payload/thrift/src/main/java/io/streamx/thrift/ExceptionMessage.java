package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import org.jspecify.annotations.Nullable;

/**
 * A failure as a whole Thrift message: the reply to a unary call that could not be run, and the payload of a stream's
 * trailer or reset.
 *
 * @param method the method as the IDL names it; not empty, because Kitex cannot write such a message
 * @param seqId the sequence id of the call; on a stream the id of the stream
 * @param failure what went wrong
 */
public record ExceptionMessage(String method, int seqId, ApplicationException failure) {
    /** The struct alone, without the header. */
    public static final StructCodec<ApplicationException> CODEC = new Codec();

    /** Appends the message to {@code out}, which the caller keeps owning. */
    public void encode(ByteBuf out) {
        if (method.isEmpty()) {
            throw new IllegalArgumentException("method of an exception message: '' (expected: not empty)");
        }
        new MessageHeader(MessageHeader.Type.EXCEPTION, method, seqId).encode(out);
        CODEC.encode(failure, out);
    }

    /**
     * Reads a whole message; the caller keeps owning {@code in}.
     *
     * @throws ApplicationException when the bytes are not an exception message
     */
    public static ExceptionMessage decode(ByteBuf in) {
        MessageHeader header = MessageHeader.decode(in);
        if (header.type() != MessageHeader.Type.EXCEPTION) {
            throw new ApplicationException(
                    ApplicationException.INVALID_MESSAGE_TYPE,
                    "message type " + header.type().value() + " for method " + header.name()
                            + " (expected: 3, an exception)");
        }
        return new ExceptionMessage(header.name(), header.seqId(), CODEC.decode(in));
    }

    private static final class Codec extends StructCodec<ApplicationException> {
        Codec() {
            super("ApplicationException");
        }

        @Override
        protected void writeFields(ApplicationException failure, ThriftWriter out) {
            String message = failure.getMessage();
            out.writeStringField(1, message == null ? "" : message);
            out.writeI32Field(2, failure.type());
        }

        @Override
        protected ApplicationException readFields(ThriftReader in) {
            String message = "";
            int type = ApplicationException.UNKNOWN;
            for (int field = in.readField(); field != ThriftType.STOP; field = in.readField()) {
                switch (field) {
                    case ThriftType.STRING_FIELD | 1 -> message = in.readString();
                    case ThriftType.I32_FIELD | 2 -> type = in.readI32();
                    default -> in.skipField();
                }
            }
            return new ApplicationException(type, message);
        }

        @Override
        protected @Nullable String fieldName(int id) {
            return switch (id) {
                case 1 -> "message";
                case 2 -> "type";
                default -> null;
            };
        }
    }
}
