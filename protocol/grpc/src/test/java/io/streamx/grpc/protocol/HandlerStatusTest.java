package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.service.PayloadFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandlerStatusTest {
    private static final GrpcPath PATH = new GrpcPath("p", "X", "m");

    private static HandlerStatus fromHandler(Throwable failure, Dialect dialect) {
        return HandlerStatus.of(failure, true, "S.M", dialect);
    }

    private static HandlerStatus fromElsewhere(Throwable failure, Dialect dialect) {
        return HandlerStatus.of(failure, false, "S.M", dialect);
    }

    @ParameterizedTest
    @EnumSource
    void noFailureIsSuccess(Dialect dialect) {
        assertThat(HandlerStatus.of(null, true, "S.M", dialect)).isEqualTo(HandlerStatus.OK);
        assertThat(HandlerStatus.OK.isOk()).isTrue();
    }

    @Test
    void anyFailureOfAHandlerIsUnknownAndInternalAsKitexHasIt() {
        Throwable failure = new IllegalStateException("boom");

        assertThat(fromHandler(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(13, "boom [biz error]"));
        assertThat(fromHandler(failure, Dialect.STANDARD)).isEqualTo(HandlerStatus.of(2, "boom"));
        assertThat(fromElsewhere(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(13, "boom"));
        assertThat(fromHandler(new IllegalStateException(), Dialect.STANDARD))
                .isEqualTo(HandlerStatus.of(2, "java.lang.IllegalStateException"));
    }

    @Test
    void aStatusKeepsItsCodeEvenOneThatNobodyKnows() {
        StatusException failure = new StatusException(1900, "own");

        assertThat(fromHandler(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(1900, "own [biz error]"));
        assertThat(fromHandler(failure, Dialect.STANDARD)).isEqualTo(HandlerStatus.of(1900, "own"));
        assertThat(fromElsewhere(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(1900, "own"));
    }

    @Test
    void aStatusThatCausedAHandlersFailureCountsAMiddlewaresDoesNot() {
        StatusException cause = new StatusException(5, "no such user", List.of(new StatusDetail("t", new byte[] {1})));
        Throwable failure = new RuntimeException("wrapped", cause);

        assertThat(fromHandler(failure, Dialect.STANDARD))
                .isEqualTo(new HandlerStatus(5, "no such user", cause.details(), null));
        assertThat(fromElsewhere(failure, Dialect.STANDARD)).isEqualTo(HandlerStatus.of(2, "wrapped"));
    }

    @ParameterizedTest
    @EnumSource
    void aBusinessErrorHasNoSuffix(Dialect dialect) {
        BizStatusException business = new BizStatusException(-7, "no money", Map.of("k", "v"));

        assertThat(fromHandler(business, dialect)).isEqualTo(new HandlerStatus(13, "no money", List.of(), business));
        assertThat(fromHandler(new RuntimeException(business), dialect).business())
                .isSameAs(business);
        assertThat(fromElsewhere(new RuntimeException(business), dialect).business())
                .isNull();
    }

    @Test
    void aBusinessErrorTravelsUnderItsStatus() {
        StatusDetail detail = new StatusDetail("t", new byte[] {1});
        BizStatusException business =
                new BizStatusException(0, "m", Map.of(), new StatusException(9, "other", List.of(detail)));

        assertThat(fromHandler(business, Dialect.KITEX))
                .isEqualTo(new HandlerStatus(9, "m", List.of(detail), business));
    }

    @ParameterizedTest
    @EnumSource
    void anErrorIsAPanic(Dialect dialect) {
        assertThat(fromHandler(new AssertionError("ouch"), dialect))
                .isEqualTo(HandlerStatus.of(
                        13,
                        "panic: [happened in biz handler, method=S.M, please check the panic at the server side]"
                                + " java.lang.AssertionError: ouch"));
    }

    @ParameterizedTest
    @CsvSource({"7, 7, 13", "1, 1, 12", "20, 20, 12", "1900, 1900, 13", "0, 13, 13", "-5, 13, 13"})
    void theTypeOfAThriftExceptionIsACodeToKitexAlone(int type, int kitex, int standard) {
        ApplicationException failure = new ApplicationException(type, "m");

        assertThat(fromHandler(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(kitex, "m [biz error]"));
        assertThat(fromElsewhere(failure, Dialect.KITEX)).isEqualTo(HandlerStatus.of(kitex, "m"));
        assertThat(fromHandler(failure, Dialect.STANDARD)).isEqualTo(HandlerStatus.of(standard, "m"));
    }

    @Test
    void aFailureBetweenTwoEndsIsInternal() {
        assertThat(fromElsewhere(new RpcException("m"), Dialect.KITEX)).isEqualTo(HandlerStatus.of(13, "m"));
    }

    @Test
    void unknownNamesInBothDialects() {
        assertThat(HandlerStatus.unknownService(PATH, Dialect.KITEX))
                .isEqualTo(HandlerStatus.of(20, "unknown service X"));
        assertThat(HandlerStatus.unknownService(PATH, Dialect.STANDARD))
                .isEqualTo(HandlerStatus.of(StatusCode.UNIMPLEMENTED, "unknown service p.X"));
        assertThat(HandlerStatus.unknownMethod(PATH, Dialect.KITEX)).isEqualTo(HandlerStatus.of(1, "unknown method m"));
        assertThat(HandlerStatus.unknownMethod(PATH, Dialect.STANDARD))
                .isEqualTo(HandlerStatus.of(StatusCode.UNIMPLEMENTED, "unknown method m for service p.X"));
    }

    @Test
    void aNameOfAnyLengthMakesAShortMessage() {
        assertThat(HandlerStatus.unknownService(new GrpcPath("", "x".repeat(10_000), "m"), Dialect.KITEX)
                        .message())
                .hasSizeLessThan(200);
    }

    @Test
    void theWrongFormatIsNamedWithTheRightOne() {
        RequestHead head = RequestHead.of(
                new GrpcPath("p", "S", "M"), PayloadFormat.PROTOBUF, null, Map.of(), Map.of(), Metadata.EMPTY, "");

        assertThat(HandlerStatus.wrongFormat(head, PayloadFormat.THRIFT))
                .isEqualTo(HandlerStatus.of(
                        13,
                        "grpc invalid payload: S.M with content-type application/grpc"
                                + " (expected: application/grpc+thrift)"));
        RequestHead thrift = RequestHead.of(
                new GrpcPath("p", "S", "M"), PayloadFormat.THRIFT, null, Map.of(), Map.of(), Metadata.EMPTY, "");
        assertThat(HandlerStatus.wrongFormat(thrift, PayloadFormat.PROTOBUF))
                .isEqualTo(HandlerStatus.of(
                        9,
                        "decode failed, codec msg type not match with thriftCodec: S.M with content-type"
                                + " application/grpc+thrift (expected: application/grpc)"));
    }

    @Test
    void eachFormatHasItsDialect() {
        assertThat(Dialect.of(PayloadFormat.THRIFT)).isEqualTo(Dialect.KITEX);
        assertThat(Dialect.of(PayloadFormat.PROTOBUF)).isEqualTo(Dialect.STANDARD);
    }
}
