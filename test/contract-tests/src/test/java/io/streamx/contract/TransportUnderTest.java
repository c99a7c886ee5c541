package io.streamx.contract;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;

/** What streams and unary calls may travel on. A server needs no setting: it serves them all on one port. */
enum TransportUnderTest {
    /** Streams on TTHeader Streaming, unary calls on the carrier that takes as much with it. */
    TTHEADER(new TTHeaderErrors()) {
        @Override
        void choose(Client.Builder client) {
            client.transport(Transport.TTHEADER).pingPong(PingPong.TTHEADER);
        }

        @Override
        boolean streamsCarryTheirTime() {
            return false;
        }

        @Override
        boolean everyStreamHasAHeader() {
            return true;
        }

        @Override
        boolean callsAreOpenedAsStreams() {
            return false;
        }

        @Override
        boolean requiresOneReply() {
            return false;
        }

        @Override
        boolean compresses() {
            return false;
        }
    },

    /** Streams and unary calls on gRPC. */
    GRPC(new GrpcErrors()) {
        @Override
        void choose(Client.Builder client) {
            client.transport(Transport.GRPC);
        }

        @Override
        boolean streamsCarryTheirTime() {
            return true;
        }

        @Override
        boolean everyStreamHasAHeader() {
            return false;
        }

        @Override
        boolean callsAreOpenedAsStreams() {
            return true;
        }

        @Override
        boolean requiresOneReply() {
            return true;
        }

        @Override
        boolean compresses() {
            return true;
        }
    };

    private final Errors errors;

    TransportUnderTest(Errors errors) {
        this.errors = errors;
    }

    /** Has that client call on this transport. */
    abstract void choose(Client.Builder client);

    /** Whether a handler knows how much time its caller gives the stream; that of unary calls is known on all. */
    abstract boolean streamsCarryTheirTime();

    /** Whether there is a header, if an empty one, though the stream ends without header entries and messages. */
    abstract boolean everyStreamHasAHeader();

    /** Whether what opens a unary call is what opens a stream, with the entries of hooks. */
    abstract boolean callsAreOpenedAsStreams();

    /** Whether a client stream that ends well without its reply has broken the protocol, as gRPC has it. */
    abstract boolean requiresOneReply();

    /** Whether messages go compressed when somebody asks for it; otherwise all go as they are. */
    abstract boolean compresses();

    /** What this transport makes of what goes wrong. */
    Errors errors() {
        return errors;
    }
}
