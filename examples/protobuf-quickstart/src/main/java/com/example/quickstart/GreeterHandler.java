package com.example.quickstart;

import io.streamx.BidiStreamingServer;

/** What the service does. Each call has a virtual thread of its own, so waiting costs nothing. */
final class GreeterHandler implements Greeter {
    @Override
    public GreetReply greet(GreetRequest request) {
        return greeting(request);
    }

    @Override
    public void chat(BidiStreamingServer<GreetRequest, GreetReply> stream) {
        for (GreetRequest request : stream) { // ends at the client's closeSend
            stream.send(greeting(request));
        }
    } // returning ends the stream

    private static GreetReply greeting(GreetRequest request) {
        return GreetReply.newBuilder().setText("Hello, " + request.getName()).build();
    }
}
