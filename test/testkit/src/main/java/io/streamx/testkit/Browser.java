package io.streamx.testkit;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium with one page, led by its DevTools protocol. For one thread. */
public final class Browser implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final Pattern PAGE = Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"([^\"]+)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(?:u[0-9a-fA-F]{4}|.)");
    private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]++)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+)");
    private static final Pattern TEXT = Pattern.compile("\"type\":\"string\",\"value\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> replies = new ConcurrentHashMap<>();

    /** The command of an installed Chromium; empty when there is none. */
    public static Optional<String> command() {
        return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    /**
     * Starts the browser.
     *
     * @param profile a folder for what it keeps, in which it writes for a moment longer than it runs
     * @param options of the command, beside those that every test needs
     */
    public Browser(String command, Path profile, String... options) throws Exception {
        List<String> whole = new ArrayList<>(List.of(
                command,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        whole.addAll(List.of(options));
        whole.add("about:blank");
        process = new ProcessBuilder(whole).redirectErrorStream(true).start();
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
                .buildAsync(URI.create(Objects.requireNonNull(url.group(1))), new Replies())
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
                return Objects.requireNonNull(listening.group(1));
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
                    replies.computeIfAbsent(
                                    Integer.valueOf(Objects.requireNonNull(id.group(1))),
                                    none -> new CompletableFuture<>())
                            .complete(text);
                }
            }
            own.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private String command(String method, String parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<String> reply = replies.computeIfAbsent(id, none -> new CompletableFuture<>());
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .get();
        return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Goes to a page. */
    public void open(String url) throws Exception {
        String unused = command("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    /** Loads the page anew. */
    public void reload() throws Exception {
        String unused = command("Page.reload", "{}");
    }

    /** The string that a script comes to, or that the promise comes to which the script is. */
    public String run(String script) throws Exception {
        String escaped = script.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        String reply = command(
                "Runtime.evaluate",
                "{\"expression\":\"" + escaped + "\",\"awaitPromise\":true,\"returnByValue\":true}");
        Matcher text = TEXT.matcher(reply);
        if (!text.find()) {
            throw new IOException(script + ": " + reply);
        }
        return unescaped(Objects.requireNonNull(text.group(1)));
    }

    private static String unescaped(String json) {
        return ESCAPED.matcher(json)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group().charAt(1)) {
                            case 'u' ->
                                String.valueOf(
                                        (char) Integer.parseInt(found.group().substring(2), 16));
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            default -> found.group().substring(1);
                        }));
    }

    /** Waits until a condition holds in the page, whatever page that is by then. */
    public void await(String condition) throws Exception {
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

    /** Presses and releases a key such as {@code Tab}, {@code Enter} or {@code Escape}, as a user of the page does. */
    public void press(String key) throws Exception {
        String code = switch (key) {
            case "Tab" -> "9";
            case "Enter" -> "13";
            case "Escape" -> "27";
            default -> throw new IllegalArgumentException("key: " + key + " (expected: Tab, Enter or Escape)");
        };
        String text = key.equals("Enter") ? ",\"text\":\"\\r\"" : "";
        String named = "\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":" + code;
        String unusedDown = command("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"," + named + text + "}");
        String unusedUp = command("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + named + "}");
    }

    /** Types a text where the page has its focus. */
    public void type(String text) throws Exception {
        String unused = command(
                "Input.insertText", "{\"text\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}");
    }

    /** Has the page shown as with the setting {@code light} or {@code dark} of its user. */
    public void prefer(String scheme) throws Exception {
        String unused = command(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + scheme + "\"}]}");
    }

    /** Writes a picture of the page, as PNG. */
    public void picture(Path file, int width, int height) throws Exception {
        String unused = command(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false}");
        String reply = command("Page.captureScreenshot", "{\"format\":\"png\"}");
        Matcher data = DATA.matcher(reply);
        if (!data.find()) {
            throw new IOException("no picture: " + reply);
        }
        Files.write(file, Base64.getDecoder().decode(Objects.requireNonNull(data.group(1))));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
