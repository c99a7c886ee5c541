package com.example.echo;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;

class EchoHandler implements TestService {
    @Override
    public Response pingPong(Request req) {
        return new Response(req.message());
    }

    @Override
    public void echo(BidiStreamingServer<Request, Response> stream) {
        for (Request req : stream) { // ends at the client's closeSend
            stream.send(new Response(req.message()));
        }
    } // returning ends the stream

    @Override
    public void echoClient(ClientStreamingServer<Request, Response> stream) {
        int n = 0;
        while (stream.recv() != null) n++;
        stream.sendAndClose(new Response("got " + n));
    }

    @Override
    public void echoServer(Request req, ServerStreamingServer<Response> stream) {
        for (int i = 0; i < 3; i++) stream.send(new Response(req.message() + i));
    }
}
