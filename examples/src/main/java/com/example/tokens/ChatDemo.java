package com.example.tokens;

import com.sun.net.httpserver.HttpServer;
import io.streamx.client.Client;
import io.streamx.gateway.GatewayOptions;
import io.streamx.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A page that shows tokens as they come: the page calls the gateway in server-sent events, the gateway's service calls the
 * model over TTHeader. The page comes from a web server of its own, whose origin the gateway allows.
 */
public final class ChatDemo implements AutoCloseable {
    final ModelHandler modelHandler;
    private final Server model;
    private final Client toModel;
    private final HttpServer page;
    private final Server gateway;

    /** Starts all three on the loopback address; port 0 stands for a free one. */
    ChatDemo(int pagePort, int gatewayPort, Duration pace, Path idl) throws IOException {
        this(pagePort, gatewayPort, pace, idl, null);
    }

    /** Starts all three, and asks the model at {@code modelAddress}, which may be a Kitex server; null for the one that this starts. */
    ChatDemo(int pagePort, int gatewayPort, Duration pace, Path idl, String modelAddress) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        modelHandler = new ModelHandler(pace);
        model = Server.builder()
                .bindAddress(loopback)
                .port(0)
                .service(Model.bind(modelHandler))
                .start();
        String address = modelAddress == null ? "127.0.0.1:" + model.port() : modelAddress;
        toModel = Client.builder("model").address(address).build();
        page = HttpServer.create(new InetSocketAddress(loopback, pagePort), 0);
        // --8<-- [start:gateway]
        gateway = Server.builder()
                .bindAddress(loopback)
                .port(gatewayPort)
                .service(Chat.bind(new ChatHandler(new ModelClient(toModel))))
                .transportOptions(GatewayOptions.builder()
                        .thriftIdl(idl)
                        .allowOrigin("http://127.0.0.1:" + page.getAddress().getPort())
                        .build())
                .start();
        // --8<-- [end:gateway]
        page.createContext("/", exchange -> {
            try (exchange;
                    InputStream html = ChatDemo.class.getResourceAsStream("chat.html")) {
                byte[] bytes = html.readAllBytes();
                exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        page.start();
    }

    /** Where to open the page, which is told where the gateway is. */
    String url() {
        return "http://127.0.0.1:" + page.getAddress().getPort() + "/?gateway=" + gateway.port();
    }

    @Override
    public void close() {
        page.stop(0);
        gateway.close();
        toModel.close();
        model.close();
    }

    /** Run it in the folder {@code examples}. One argument, {@code HOST:PORT}, is where another model is, such as one in Go. */
    public static void main(String[] args) throws Exception {
        Path idl = Path.of("src/main/thrift/tokens.thrift");
        String modelAddress = args.length == 0 ? null : args[0];
        try (ChatDemo demo = new ChatDemo(8000, 8080, Duration.ofMillis(60), idl, modelAddress)) {
            System.out.println("open " + demo.url());
            demo.gateway.awaitTermination();
        }
    }
}
