package io.streamx.interop;

import io.streamx.RpcException;
import io.streamx.interop.InteropCase.Options;
import io.streamx.interop.JavaClients.Views;
import io.streamx.interop.absent.Message;
import io.streamx.interop.absent.Unreadable;
import io.streamx.interop.echo.Request;
import io.streamx.interop.echo.Response;
import io.streamx.interop.scenario.Req;
import io.streamx.interop.scenario.Res;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Plays the client's side of one case and writes down what it sees. For one case, on one thread. */
final class CasePlayer {
    /** What Kitex sends when its user cancels; the reason of ours, so that both servers see the same. */
    private static final String CANCEL = "user code invoking stream RPC with context processed by "
            + "context.WithCancel or context.WithTimeout, then invoking cancel() actively";

    /** On gRPC no reason travels, and what the canceller itself sees has its own words. */
    private static final String GRPC_CANCEL = "";

    private static final int REPORT_PATIENCE_MS = 10_000;

    private final Views views;
    private final Views furtherViews;
    private final Placeholders values;
    private final List<String> transcript = new ArrayList<>();
    private @Nullable TextStream stream;

    private CasePlayer(Views views, Views furtherViews, Placeholders values) {
        this.views = views;
        this.furtherViews = furtherViews;
        this.values = values;
    }

    /**
     * Plays a case and compares what it saw with what the case expects.
     *
     * @param serverPeer what the server is: {@code kitex} or {@code java}
     * @param furtherAddress the server that takes part in cascades
     */
    static void assertPlays(
            InteropCase played, JavaClients clients, String address, String serverPeer, String furtherAddress)
            throws Exception {
        Placeholders values = new Placeholders(
                furtherAddress,
                JavaClients.closedAddress(),
                serverPeer,
                played.options().withProtobuf() && played.options().overGrpc());
        String target = "closed".equals(played.options().pool()) ? values.in("{closed}") : address;
        CasePlayer player = new CasePlayer(
                clients.views(target, played.options(), values),
                clients.views(furtherAddress, Options.NONE, values),
                values);
        List<String> seen = player.play(played.steps());
        Transcripts.assertMatches(values.in(played.expected("java", serverPeer)), seen);
    }

    private List<String> play(List<String> steps) throws Exception {
        try {
            for (String step : steps) {
                play(values.in(step));
            }
            return transcript;
        } finally {
            if (stream != null) {
                stream.close();
            }
        }
    }

    private void play(String step) throws Exception {
        int colon = step.indexOf(':');
        String name = colon < 0 ? step : step.substring(0, colon);
        String rest = colon < 0 ? "" : step.substring(colon + 1);
        switch (name) {
            case "open" -> open(rest);
            case "call" -> note(outcomeOf(() -> message(invoke(before(rest), after(rest)))) + backward());
            case "calls" -> calls(before(rest), numbers(after(rest), 2));
            case "parallel" -> {
                int[] numbers = numbers(rest, 3);
                transcript.addAll(
                        new ParallelStreams(numbers[0], numbers[1], numbers[2]).play(() -> openMethod("Bidi", "")));
            }
            case "report" -> report(views, rest);
            case "report@b" -> report(furtherViews, rest);
            case "sum", "words", "rich", "empty", "richbidi", "emptybidi" ->
                transcript.addAll(Shapes.play(name, views.scenario()));
            case "check" -> note(Shapes.check(views.shapes(), rest));
            case "checkbidi" -> transcript.addAll(Shapes.checkAll(views.shapes(), List.of(rest.split(":"))));
            case "newer", "newer-refused", "newerbidi" -> transcript.addAll(Evolution.play(name, views.kept()));
            case "older", "older-refused", "olderbidi" -> transcript.addAll(Evolution.play(name, views.upgraded()));
            default -> playOnStream(name, rest);
        }
    }

    private void open(String rest) throws Exception {
        if (stream != null) {
            stream.close();
        }
        try {
            stream = openMethod(before(rest), after(rest));
        } catch (RpcException e) {
            note("open " + Outcomes.describe(e));
        }
    }

    /** Opens a stream by the method's name; names are unique over all services but for the absent ones. */
    private TextStream openMethod(String method, String request) {
        if (views.options().withProtobuf()) {
            return ProtobufMethods.open(views, method, request);
        }
        return switch (method) {
            case "Echo" -> TextStream.of(views.test().echo(), Request::new, Response::message);
            case "EchoClient" -> TextStream.of(views.test().echoClient(), Request::new, Response::message);
            case "EchoServer" -> TextStream.of(views.test().echoServer(new Request(request)), Response::message);
            case "Bidi" -> TextStream.of(views.scenario().bidi(), Req::new, Res::message);
            case "Collect" -> TextStream.of(views.scenario().collect(), Req::new, Res::message);
            case "Produce" -> TextStream.of(views.scenario().produce(new Req(request)), Res::message);
            case "absent.known" -> TextStream.of(views.absentMethods().absentBidi(), Message::new, Message::message);
            case "absent.unknown" -> TextStream.of(views.absentService().absentBidi(), Message::new, Message::message);
            case "absent.unreadable" -> TextStream.of(views.unreadable().echo(), Unreadable::new, Unreadable::message);
            case "wrong.payload" -> TextStream.of(views.protobufAsThrift().talk(), Message::new, Message::message);
            case "absent.elsewhere" -> TextStream.of(views.absentService().bidi(), Message::new, Message::message);
            default ->
                throw new IllegalArgumentException("streaming method: '" + method + "' (expected: one of the IDL)");
        };
    }

    private void playOnStream(String name, String rest) throws Exception {
        TextStream open = stream;
        if (open == null) {
            throw new IllegalArgumentException(
                    "step '" + name + "' (expected: a known step, or a stream opened before); so far: " + transcript);
        }
        switch (name) {
            case "send" -> noteFailure("send", () -> open.send(rest));
            case "trysend" ->
                note("send "
                        + outcomeOf(() -> {
                            open.send(rest);
                            return Outcomes.OK;
                        }));
            case "recv", "closeAndRecv" -> note(received(open));
            case "closeSend" -> noteFailure("closeSend", open::closeSend);
            case "cancel" -> open.cancel(views.options().overGrpc() ? GRPC_CANCEL : CANCEL);
            case "header" -> note("header " + entries(open::header));
            case "trailer" -> note("trailer " + entries(open::trailer));
            case "drain" -> drain(open);
            case "sendPatterns" -> {
                int[] numbers = numbers(rest, 2);
                noteFailure("send", () -> sendPatterns(open, numbers[0], numbers[1]));
            }
            case "recvPatterns" -> note(recvPatterns(open, numbers(rest, 1)[0]));
            case "exchange" -> exchange(open, numbers(rest, 2));
            default ->
                throw new IllegalArgumentException("step '" + name + "' (expected: a step of test/interop/README.md)");
        }
    }

    private @Nullable String invoke(String method, String request) {
        if (views.options().withProtobuf()) {
            return ProtobufMethods.invoke(views, method, request);
        }
        return switch (method) {
            case "PingPong" -> text(views.test().pingPong(new Request(request)), Response::message);
            case "Unary" -> text(views.scenario().unary(new Req(request)), Res::message);
            case "Throwing" -> text(views.scenario().throwing(new Req(request)), Res::message);
            case "Nothing" -> {
                views.scenario().nothing(new Req(request));
                yield "nothing";
            }
            case "Fire" -> {
                views.scenario().fire(new Req(request));
                yield "fired";
            }
            case "absent.known" -> text(views.absentMethods().absent(new Message(request)), Message::message);
            case "absent.unknown" -> text(views.absentService().absent(new Message(request)), Message::message);
            case "absent.unreadable" -> text(views.unreadable().pingPong(new Unreadable(request)), Unreadable::message);
            case "wrong.payload" -> text(views.protobufAsThrift().ask(new Message(request)), Message::message);
            default -> throw new IllegalArgumentException("unary method: '" + method + "' (expected: one of the IDL)");
        };
    }

    private static <R> @Nullable String text(@Nullable R reply, Function<R, String> text) {
        return reply == null ? null : text.apply(reply);
    }

    private static String message(@Nullable String reply) {
        return reply == null ? "message none" : "message " + reply;
    }

    /** What came back beside the reply, when the case asks for it. */
    private String backward() {
        return views.options().backward() ? " backward " + Outcomes.describe(views.backward()) : "";
    }

    private void calls(String method, int[] numbers) {
        for (int i = 0; i < numbers[0]; i++) {
            String sent = Payload.pattern(i, numbers[1]);
            try {
                if (!sent.equals(invoke(method, sent))) {
                    note("call " + i + ": not as sent");
                    return;
                }
            } catch (RpcException e) {
                note("call " + i + " " + Outcomes.describe(e));
                return;
            }
        }
        note(numbers[0] + " replies as sent");
    }

    private void report(Views server, String key) throws Exception {
        note("report " + outcomeOf(() -> server.plain().report(key, REPORT_PATIENCE_MS)));
    }

    static String received(TextStream stream) throws Exception {
        return outcomeOf(() -> {
            String text = stream.recv();
            return text == null ? Outcomes.END : "message " + text;
        });
    }

    private void drain(TextStream stream) {
        int count = 0;
        String outcome = Outcomes.END;
        try {
            while (stream.recv() != null) {
                count++;
            }
        } catch (RpcException e) {
            outcome = Outcomes.describe(e);
        }
        note("drained " + count);
        note(outcome);
    }

    private static void sendPatterns(TextStream stream, int count, int sizeBytes) {
        for (int i = 0; i < count; i++) {
            stream.send(Payload.pattern(i, sizeBytes));
        }
    }

    /** Receives to the end and checks each message by its index. */
    private static String recvPatterns(TextStream stream, int sizeBytes) {
        for (int count = 0; ; count++) {
            String text;
            try {
                text = stream.recv();
            } catch (RpcException e) {
                return count + " messages as sent, then " + Outcomes.describe(e);
            }
            if (text == null) {
                return count + " messages as sent, then " + Outcomes.END;
            }
            if (!text.equals(Payload.pattern(count, sizeBytes))) {
                return "message " + count + ": " + text.length() + " bytes, not as sent (expected: " + sizeBytes
                        + " bytes)";
            }
        }
    }

    /** Sends on a thread of its own, so that neither end's limits can stop both. */
    private void exchange(TextStream stream, int[] numbers) throws InterruptedException {
        List<String> failure = new ArrayList<>();
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                sendPatterns(stream, numbers[0], numbers[1]);
                stream.closeSend();
            } catch (RpcException e) {
                failure.add("send " + Outcomes.describe(e));
            }
        });
        String seen = recvPatterns(stream, numbers[1]);
        sender.join();
        transcript.addAll(failure);
        note(seen);
    }

    private static String entries(Supplier<Map<String, String>> entries) throws Exception {
        return outcomeOf(() -> {
            Map<String, String> shown = new TreeMap<>(entries.get());
            shown.remove("content-type"); // gRPC's own; Kitex shows it where it came
            return Outcomes.describe(shown);
        });
    }

    private static String outcomeOf(Callable<String> call) throws Exception {
        try {
            return call.call();
        } catch (RpcException e) {
            return Outcomes.describe(e);
        }
    }

    /** Writes nothing when all went well: most sends do. */
    private void noteFailure(String what, Runnable action) {
        try {
            action.run();
        } catch (RpcException e) {
            note(what + " " + Outcomes.describe(e));
        }
    }

    private void note(String line) {
        transcript.add(line);
    }

    private static String before(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    private static String after(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? "" : text.substring(colon + 1);
    }

    private static int[] numbers(String text, int count) {
        String[] fields = text.split(":");
        if (fields.length != count) {
            throw new IllegalArgumentException("arguments: '" + text + "' (expected: " + count + " numbers)");
        }
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Integer.parseInt(fields[i]);
        }
        return numbers;
    }
}
