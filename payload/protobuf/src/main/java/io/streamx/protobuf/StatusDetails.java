package io.streamx.protobuf;

import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.streamx.ApplicationException;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import java.util.Optional;

/**
 * Details of a gRPC status as Protobuf messages, such as {@code google.rpc.ErrorInfo}.
 *
 * <pre>{@code
 * throw new StatusException(StatusCode.NOT_FOUND, "no such user", List.of(StatusDetails.pack(info)));
 * catch (StatusException e) { StatusDetails.unpack(e, ErrorInfo.getDefaultInstance()).ifPresent(...); }
 * }</pre>
 */
public final class StatusDetails {
    private static final String TYPE_URL_PREFIX = "type.googleapis.com/";

    private StatusDetails() {}

    /** The detail that carries {@code message}. */
    public static StatusDetail pack(Message message) {
        return new StatusDetail(TYPE_URL_PREFIX + message.getDescriptorForType().getFullName(), message.toByteArray());
    }

    /** Whether {@code detail} carries a message of the type of {@code type}, by its name; the URL's host says nothing. */
    public static boolean is(StatusDetail detail, Message type) {
        return detail.typeName().equals(type.getDescriptorForType().getFullName());
    }

    /**
     * The first detail of a status that carries a message of the type of {@code type}; empty when none does.
     *
     * @param type any message of the class, {@code ErrorInfo.getDefaultInstance()}
     * @throws ApplicationException of type {@code PROTOCOL_ERROR} when its bytes are no such message
     */
    public static <T extends Message> Optional<T> unpack(StatusException status, T type) {
        return status.details().stream()
                .filter(detail -> is(detail, type))
                .findFirst()
                .map(detail -> unpack(detail, type));
    }

    /**
     * The message that {@code detail} carries.
     *
     * @param type any message of the class, {@code ErrorInfo.getDefaultInstance()}
     * @throws IllegalArgumentException when it carries one of another type
     * @throws ApplicationException of type {@code PROTOCOL_ERROR} when its bytes are no such message
     */
    public static <T extends Message> T unpack(StatusDetail detail, T type) {
        String name = type.getDescriptorForType().getFullName();
        if (!is(detail, type)) {
            throw new IllegalArgumentException(
                    "status detail of type " + detail.typeName() + " (expected: " + name + ")");
        }
        try {
            // A message's parser makes messages of its own class, which generics cannot say.
            @SuppressWarnings("unchecked")
            T message = (T) type.getParserForType().parseFrom(detail.value(), ExtensionRegistryLite.getEmptyRegistry());
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    "the " + detail.size() + " bytes of a status detail are no " + name + ": " + e.getMessage(),
                    e);
        }
    }
}
