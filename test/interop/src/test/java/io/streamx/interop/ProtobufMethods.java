package io.streamx.interop;

import io.streamx.interop.JavaClients.Views;
import io.streamx.interop.absentmessages.Message;
import io.streamx.interop.messages.Reply;
import io.streamx.interop.messages.Request;

/** What stands for the Thrift methods of one text in a case that is played with Protobuf. */
final class ProtobufMethods {
    private ProtobufMethods() {}

    static TextStream open(Views views, String method, String request) {
        return switch (method) {
            case "Echo", "Bidi" -> TextStream.of(views.messages().talk(), ProtobufMethods::request, Reply::getMessage);
            case "EchoClient", "Collect" ->
                TextStream.of(views.messages().gather(), ProtobufMethods::request, Reply::getMessage);
            case "EchoServer", "Produce" -> TextStream.of(views.messages().tell(request(request)), Reply::getMessage);
            case "absent.known" ->
                TextStream.of(views.absentMessageMethods().absentBidi(), ProtobufMethods::message, Message::getMessage);
            case "absent.unknown" ->
                TextStream.of(views.absentMessageService().absentBidi(), ProtobufMethods::message, Message::getMessage);
            case "wrong.payload" ->
                TextStream.of(views.thriftAsProtobuf().bidi(), ProtobufMethods::message, Message::getMessage);
            default ->
                throw new IllegalArgumentException(
                        "streaming method with Protobuf: '" + method + "' (expected: one of the IDL)");
        };
    }

    static String invoke(Views views, String method, String request) {
        return switch (method) {
            case "PingPong", "Unary" -> views.messages().ask(request(request)).getMessage();
            case "absent.known" ->
                views.absentMessageMethods().absent(message(request)).getMessage();
            case "absent.unknown" ->
                views.absentMessageService().absent(message(request)).getMessage();
            case "wrong.payload" ->
                views.thriftAsProtobuf().unary(message(request)).getMessage();
            default ->
                throw new IllegalArgumentException(
                        "unary method with Protobuf: '" + method + "' (expected: one of the IDL)");
        };
    }

    private static Request request(String text) {
        return Request.newBuilder().setMessage(text).build();
    }

    private static Message message(String text) {
        return Message.newBuilder().setMessage(text).build();
    }
}
