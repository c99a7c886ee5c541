package com.example.tokens;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium with one page, led by its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final Pattern PAGE = Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+)");
    private static final Pattern TEXT = Pattern.compile("\"type\":\"string\",\"value\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> replies = new ConcurrentHashMap<>();

    /** The command of an installed Chromium; empty when there is none. */
    static Optional<String> command() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    Browser(String command, Path profile) throws Exception {
        process = new ProcessBuilder(
                        command,
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        String address = address(process);
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?about:blank"))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Matcher url = PAGE.matcher(page.body());
        if (!url.find()) {
            throw new IOException("no page: " + page.body());
        }
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(url.group(1)), new Replies())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static String address(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                // What is said from now on has to be read, or the browser would come to a stop.
                Thread.ofVirtual().start(() -> out.lines().forEach(unread -> {}));
                return listening.group(1);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the browser has ended: " + said);
    }

    private final class Replies implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket own, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                Matcher id = ID.matcher(text);
                if (id.find()) {
                    replies.computeIfAbsent(Integer.valueOf(id.group(1)), none -> new CompletableFuture<>())
                            .complete(text);
                }
            }
            own.request(1);
            return null;
        }
    }

    private String command(String method, String parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<String> reply = replies.computeIfAbsent(id, none -> new CompletableFuture<>());
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .get();
        return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void open(String url) throws Exception {
        String unused = command("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    void reload() throws Exception {
        String unused = command("Page.reload", "{}");
    }

    /** The string that a script comes to, or the promise that it is. The script has no double quotes. */
    String run(String script) throws Exception {
        String reply = command(
                "Runtime.evaluate", "{\"expression\":\"" + script + "\",\"awaitPromise\":true,\"returnByValue\":true}");
        Matcher text = TEXT.matcher(reply);
        if (!text.find()) {
            throw new IOException(script + ": " + reply);
        }
        return text.group(1);
    }

    /** Waits until a condition holds in the page, whatever page that is by then. */
    void await(String condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            try {
                String script = "new Promise(done => { const look = () => " + condition
                        + " ? done('yes') : requestAnimationFrame(look); look(); setTimeout(() => done('no'), 5000); })";
                if (run(script).equals("yes")) {
                    return;
                }
            } catch (IOException navigated) {
                // The page in which this was asked is gone.
            }
        }
        throw new IOException("never in the page: " + condition + "; it shows " + run("document.body.innerText"));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
