package io.streamx.consul;

import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Instance;
import io.streamx.discovery.KeptRegistration;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consul as the place where servers make themselves known and clients find them, with the entries of Kitex' registry-consul:
 * a service with a TCP check of each server. Immutable settings, safe from any thread, nothing to close.
 *
 * <pre>{@code
 * Server.builder().registry(ConsulRegistry.of("http://127.0.0.1:8500"))
 * Client.builder("a.b.c").resolver(ConsulRegistry.of("http://127.0.0.1:8500"))
 * }</pre>
 *
 * <p>Source: registry-consul v0.2.0.
 */
public final class ConsulRegistry implements Registry, Resolver {
    /** How often a server looks whether its agent still has it: agents forget what they held when they lose their disk. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final ConsulApi api;
    private final String agent;
    private final Duration look;

    private ConsulRegistry(String agent, @Nullable String token, Duration look) {
        this.agent = agent;
        this.look = look;
        api = new ConsulApi(URI.create(agent), token);
    }

    /**
     * The Consul agent at that address, usually one on this machine.
     *
     * @param agent {@code http://host:port}
     * @throws IllegalArgumentException naming an address that is none
     */
    public static ConsulRegistry of(String agent) {
        if (!agent.startsWith("http://") && !agent.startsWith("https://")) {
            throw new IllegalArgumentException(
                    "agent: '" + agent + "' (expected: http://host:port or https://host:port)");
        }
        return new ConsulRegistry(agent.endsWith("/") ? agent.substring(0, agent.length() - 1) : agent, null, LOOK);
    }

    /** A registry whose requests carry this ACL token. */
    public ConsulRegistry withToken(String token) {
        return new ConsulRegistry(agent, Objects.requireNonNull(token, "token"), look);
    }

    /** A registry in which a server looks at this interval whether its agent still has it; 5 s when not set. */
    public ConsulRegistry withLook(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("look: " + interval + " (expected: > 0)");
        }
        return new ConsulRegistry(agent, api.token(), interval);
    }

    @Override
    public Registration register(String service, Instance self) {
        checkName(service);
        String id = ConsulEntry.id(service, self);
        String entry = ConsulEntry.write(service, self);
        return KeptRegistration.start(
                toString(),
                service,
                self,
                working -> {
                    api.register(entry);
                    working.run();
                    while (api.isRegistered(id)) {
                        Thread.sleep(look);
                    }
                },
                () -> api.deregister(id),
                () -> {});
    }

    @Override
    public Watch watch(String service, Listener listener) {
        checkName(service);
        EndlessTask task = EndlessTask.start(
                "streamx-consul-watch " + service,
                working -> {
                    ConsulApi.Healthy healthy = api.healthy(service, 0);
                    while (true) {
                        listener.onInstances(ConsulEntry.read(healthy.entries(), listener));
                        working.run();
                        healthy = api.healthy(service, healthy.index());
                    }
                },
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return task::close;
    }

    private static void checkName(String service) {
        if (service.isBlank()) {
            throw new IllegalArgumentException("service: '" + service + "' (expected: a name)");
        }
    }

    @Override
    public String describe(String service) {
        return this + " as " + service;
    }

    @Override
    public String toString() {
        return "Consul " + agent;
    }
}
