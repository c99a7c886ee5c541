package io.streamx.generic.protobuf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonCodecTest {
    static Stream<Message> noTimes() {
        return Stream.of(
                Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build(),
                Duration.newBuilder().setSeconds(1).setNanos(-1).build());
    }

    @ParameterizedTest
    @MethodSource("noTimes")
    void aMessageOfAPeerThatHasNoJsonIsAFaultOfThePeer(Message message) {
        JsonCodec codec =
                new JsonCodec(message.getDescriptorForType(), TypeRegistry.getEmptyTypeRegistry(), false, "reply");

        assertThatThrownBy(() -> codec.decode(Unpooled.wrappedBuffer(message.toByteArray())))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContainingAll(
                        "reply: ", message.getDescriptorForType().getFullName());
    }
}
