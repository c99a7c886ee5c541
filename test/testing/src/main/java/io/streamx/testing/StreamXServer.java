package io.streamx.testing;

import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.Channel;
import io.streamx.service.ServiceClient;
import io.streamx.service.ServiceDefinition;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A server on a free port of this machine, or {@link #inProcess}, and a client of it, for the time of a test:
 *
 * <pre>{@code
 * @RegisterExtension
 * StreamXServer server = StreamXServer.of(Chat.bind(new ChatHandler()));
 *
 * @Test
 * void answers(ChatClient chat) { ... }      // or server.client(ChatClient::new)
 * }</pre>
 *
 * <p>In a static field it lives for all tests of the class. After each test it fails when a call was left open: a stream that
 * its client has neither read to the end nor closed, or a handler that does not return. (For a static server whose tests
 * run beside each other that is checked once, after all of them.) Parameters of tests may be the {@link Client}, any
 * generated client, and the StreamXServer itself. Its {@code with} methods are called before the test begins; the rest is safe
 * from any thread while the test runs.
 */
public final class StreamXServer
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    /** How long handlers that are about to return may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final AtomicLong NAMES = new AtomicLong();

    private final List<ServiceDefinition> services;
    private final List<Consumer<Server.Builder>> serverSettings = new ArrayList<>();
    private final List<Consumer<Client.Builder>> clientSettings = new ArrayList<>();
    private Duration patience = PATIENCE;
    private boolean inProcess;
    private volatile @Nullable Running running;

    /** Whether the field is static, which only the first callback tells. */
    private boolean ofClass;

    /** What there is while a test runs. */
    private record Running(Server server, String address, Client client, OpenCalls calls) {}

    private StreamXServer(List<ServiceDefinition> services) {
        this.services = services;
    }

    /** A server of these services. */
    public static StreamXServer of(ServiceDefinition... services) {
        return new StreamXServer(List.of(services));
    }

    /** Changes the settings of the server, in which port, address and services are set already. */
    public StreamXServer withServer(Consumer<Server.Builder> settings) {
        serverSettings.add(settings);
        return this;
    }

    /** Changes the settings of the client, in which the address is set already. */
    public StreamXServer withClient(Consumer<Client.Builder> settings) {
        clientSettings.add(settings);
        return this;
    }

    /**
     * Connects client and server within the process: no port, no socket, and nothing of the machine's network in the way. All
     * else is the same, so it is for machines that allow no sockets and for tests that are to be the same everywhere. The
     * default is a socket all the same, since that is what services run on.
     */
    public StreamXServer inProcess() {
        inProcess = true;
        return this;
    }

    /** Measures the limits of time at both ends by a clock that the test turns. */
    public StreamXServer withClock(ManualClock clock) {
        withServer(builder -> builder.install(clock));
        return withClient(builder -> builder.install(clock));
    }

    /** How long calls may take to end when the test has; 5 s when not set. */
    public StreamXServer withPatience(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("patience: " + time + " (expected: not negative)");
        }
        patience = time;
        return this;
    }

    /**
     * The port that the server listens on.
     *
     * @throws IllegalStateException when it is {@link #inProcess}
     */
    public int port() {
        return running().server().port();
    }

    /** The address of the server: {@code host:port}, or {@code in-process:name}, which clients take as an address too. */
    public String address() {
        return running().address();
    }

    /** The server itself, for tests that close it. */
    public Server server() {
        return running().server();
    }

    /** A client of the server, which is closed after the test. */
    public Client client() {
        return running().client();
    }

    /** A generated client of the server: {@code server.client(ChatClient::new)}. */
    public <C> C client(Function<Channel, C> constructor) {
        return constructor.apply(client());
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the server does not run (expected: used within a test, as the field of a"
                    + " test class with @RegisterExtension)");
        }
        return now;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!ofClass) {
            start();
        }
    }

    private void start() {
        OpenCalls calls = new OpenCalls();
        String name = "streamx-server-" + NAMES.incrementAndGet();
        Server.Builder building =
                inProcess ? Server.builder().inProcess(name) : Server.builder().port(0);
        building.bindAddress(java.net.InetAddress.getLoopbackAddress())
                .closeAtExit(false)
                .shutdownWindow(Duration.ZERO)
                .callListener(calls.ofServer());
        services.forEach(building::service);
        serverSettings.forEach(settings -> settings.accept(building));
        Server server = building.start();
        try {
            String address = inProcess ? "in-process:" + name : "127.0.0.1:" + server.port();
            Client.Builder client = Client.builder(
                            services.isEmpty()
                                    ? "test"
                                    : services.getFirst().descriptor().name())
                    .address(address)
                    .callListener(calls.ofClient());
            clientSettings.forEach(settings -> settings.accept(client));
            running = new Running(server, address, client.build(), calls);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        if (!ofClass) {
            checkAndStop();
        } else if (context.getExecutionMode() != ExecutionMode.CONCURRENT) {
            running().calls().requireNone(patience);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        checkAndStop();
    }

    private void checkAndStop() throws InterruptedException {
        Running ending = running;
        if (ending == null) {
            return;
        }
        running = null;
        try {
            ending.calls().requireNone(patience);
        } finally {
            ending.client().close();
            ending.server().close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Client.class || type == StreamXServer.class || ServiceClient.class.isAssignableFrom(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == StreamXServer.class) {
            return this;
        }
        if (type == Client.class) {
            return client();
        }
        try {
            Constructor<?> constructor = type.getConstructor(Channel.class);
            return constructor.newInstance(client());
        } catch (ReflectiveOperationException e) {
            throw new ParameterResolutionException(
                    "parameter of the type " + type.getName() + " (expected: a generated client)", e);
        }
    }
}
