package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Refused;
import java.util.stream.Stream;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.server.TServer;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportFactory;
import org.apache.thrift.transport.layered.TFramedTransport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Apache Thrift's own Java library as the other end. */
@Timeout(60)
class LibthriftTest {
    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"FRAMED", "BUFFERED"})
    void itsClientCallsOurServer(PingPong carrier) throws TException {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                TTransport socket = new TSocket("127.0.0.1", server.port(), 20_000)) {
            TTransport transport = carrier == PingPong.FRAMED ? new TFramedTransport(socket) : socket;
            transport.open();
            TProtocol protocol = new TBinaryProtocol(transport);

            assertThat(say(protocol, "hello", 1)).isEqualTo("hello");
            assertThat(say(protocol, "x".repeat(1_000_000), 2)).hasSize(1_000_000);
            assertThat(say(protocol, "refuse", 3)).isEqualTo("Refused: not today");
            assertThatThrownBy(() -> say(protocol, "fail", 4))
                    .isInstanceOf(TApplicationException.class)
                    .hasMessage("biz error: boom")
                    .extracting(e -> ((TApplicationException) e).getType())
                    .isEqualTo(TApplicationException.INTERNAL_ERROR);
            assertThat(say(protocol, "again", Integer.MIN_VALUE)).isEqualTo("again");
        }
    }

    private static String say(TProtocol protocol, String text, int seqId) throws TException {
        protocol.writeMessageBegin(new TMessage("Say", TMessageType.CALL, seqId));
        protocol.writeFieldBegin(new TField("text", TType.STRUCT, (short) 1));
        writeText(protocol, text);
        protocol.writeFieldStop();
        protocol.writeMessageEnd();
        protocol.getTransport().flush();

        TMessage reply = protocol.readMessageBegin();
        if (reply.type == TMessageType.EXCEPTION) {
            TApplicationException failure = new TApplicationException();
            failure.read(protocol);
            throw failure;
        }
        assertThat(reply.seqid).isEqualTo(seqId);
        TField result = protocol.readFieldBegin();
        String read = (result.id == 0 ? "" : "Refused: ") + readText(protocol);
        assertThat(protocol.readFieldBegin().type).isEqualTo(TType.STOP);
        return read;
    }

    private static void writeText(TProtocol protocol, String text) throws TException {
        protocol.writeStructBegin(new TStruct("Text"));
        protocol.writeFieldBegin(new TField("value", TType.STRING, (short) 1));
        protocol.writeString(text);
        protocol.writeFieldStop();
    }

    private static String readText(TProtocol protocol) throws TException {
        String text = "";
        for (TField field = protocol.readFieldBegin(); field.type != TType.STOP; field = protocol.readFieldBegin()) {
            if (field.type == TType.STRING) {
                text = protocol.readString();
            } else {
                TProtocolUtil.skip(protocol, field.type);
            }
        }
        return text;
    }

    static Stream<Arguments> clientsAndServers() {
        TTransportFactory framed = new TFramedTransport.Factory();
        TTransportFactory plain = new TTransportFactory();
        return Stream.of(Arguments.of(PingPong.FRAMED, framed), Arguments.of(PingPong.BUFFERED, plain));
    }

    @ParameterizedTest
    @MethodSource("clientsAndServers")
    void ourClientCallsItsServer(PingPong carrier, TTransportFactory transport) throws Exception {
        try (TServerSocket listener = new TServerSocket(0)) {
            TServer server = new TThreadPoolServer(new TThreadPoolServer.Args(listener)
                    .processor(new Processor())
                    .transportFactory(transport)
                    .protocolFactory(new TBinaryProtocol.Factory()));
            Thread.startVirtualThread(server::serve);
            try (Client client = Client.builder("demo.echo")
                    .address("127.0.0.1:" + listener.getServerSocket().getLocalPort())
                    .pingPong(carrier)
                    .build()) {
                EchoClient echo = new EchoClient(client);

                assertThat(echo.say("hello")).isEqualTo("hello");
                assertThat(echo.say("x".repeat(1_000_000))).hasSize(1_000_000);
                assertThat(catchThrowableOfType(Refused.class, () -> echo.say("refuse"))
                                .why())
                        .isEqualTo("not today");
                ApplicationException unknown =
                        catchThrowableOfType(ApplicationException.class, () -> echo.call(Echo.MISSING, "x"));
                assertThat(unknown.type()).isEqualTo(ApplicationException.UNKNOWN_METHOD);
                assertThat(unknown).hasMessage("no Missing here");
                echo.note("nobody answers");
                assertThat(echo.say("again")).isEqualTo("again");
            } finally {
                server.stop();
            }
        }
    }

    /** The part of the service that these tests call, by hand. */
    private static final class Processor implements TProcessor {
        @Override
        public void process(TProtocol in, TProtocol out) throws TException {
            TMessage request = in.readMessageBegin();
            in.readFieldBegin();
            String text = readText(in);
            in.readFieldBegin();
            switch (request.name) {
                case "Note" -> {}
                case "Say" -> {
                    out.writeMessageBegin(new TMessage("Say", TMessageType.REPLY, request.seqid));
                    boolean refused = text.equals("refuse");
                    out.writeFieldBegin(new TField("", TType.STRUCT, (short) (refused ? 1 : 0)));
                    writeText(out, refused ? "not today" : text);
                    out.writeFieldStop();
                    out.getTransport().flush();
                }
                default -> {
                    out.writeMessageBegin(new TMessage(request.name, TMessageType.EXCEPTION, request.seqid));
                    new TApplicationException(TApplicationException.UNKNOWN_METHOD, "no " + request.name + " here")
                            .write(out);
                    out.getTransport().flush();
                }
            }
        }
    }
}
