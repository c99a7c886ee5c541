package io.streamx.nacos;

import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingFactory;
import com.alibaba.nacos.api.naming.NamingService;
import com.alibaba.nacos.api.naming.listener.EventListener;
import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Instance;
import io.streamx.discovery.KeptRegistration;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Nacos as the place where servers make themselves known and clients find them, with the records of Kitex' registry-nacos:
 * ephemeral instances of the service's name in the group {@code DEFAULT_GROUP} and the cluster {@code DEFAULT} of the public
 * namespace. Immutable settings, safe from any thread; connects with the first watch and disconnects with the last, and has a
 * connection of its own for each registration, so there is nothing to close.
 *
 * <pre>{@code
 * Server.builder().registry(NacosRegistry.of("127.0.0.1:8848"))
 * Client.builder("a.b.c").resolver(NacosRegistry.of("127.0.0.1:8848"))
 * }</pre>
 *
 * <p>Source: registry-nacos v0.1.2 and v2.0.0. nacos-client speaks gRPC, at the port 1000 above the one given.
 */
public final class NacosRegistry implements Registry, Resolver {
    private static final String CLUSTER = "DEFAULT";
    /** How often a server looks whether Nacos still has it, and a client asks although nothing was pushed to it. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final NacosSettings settings;
    private final String cluster;
    private final Duration look;
    private final NacosClient<NamingService> naming;

    private NacosRegistry(NacosSettings settings, String cluster, Duration look) {
        this.settings = settings;
        this.cluster = cluster;
        this.look = look;
        naming = connecting(settings);
    }

    /**
     * The Nacos at those addresses.
     *
     * @param servers {@code host:port} each, of the HTTP API
     * @throws IllegalArgumentException naming an address that is none
     */
    public static NacosRegistry of(String... servers) {
        return new NacosRegistry(NacosSettings.of(servers), CLUSTER, LOOK);
    }

    /** A registry in the namespace with this id instead of the public one. */
    public NacosRegistry withNamespace(String namespace) {
        return new NacosRegistry(settings.withNamespace(namespace), cluster, look);
    }

    /** A registry in this group instead of {@code DEFAULT_GROUP}; Kitex finds servers there with {@code WithGroup}. */
    public NacosRegistry withGroup(String group) {
        return new NacosRegistry(settings.withGroup(group), cluster, look);
    }

    /** A registry in this cluster instead of {@code DEFAULT}; Kitex finds servers there with {@code WithCluster}. */
    public NacosRegistry withCluster(String newCluster) {
        return new NacosRegistry(settings, NacosSettings.checked("cluster", newCluster), look);
    }

    /** A registry that logs in with this name and password. */
    public NacosRegistry withUser(String user, String password) {
        return new NacosRegistry(settings.withUser(user, password), cluster, look);
    }

    /**
     * A registry with whatever else nacos-client can be told, such as TLS. The operator is called whenever a connection is to
     * be made.
     */
    public NacosRegistry withClient(UnaryOperator<Properties> more) {
        return new NacosRegistry(settings.withClient(more), cluster, look);
    }

    /**
     * A registry in which servers look at this interval whether Nacos still has them, and clients ask anew; 5 s when not set.
     */
    public NacosRegistry withLook(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("look: " + interval + " (expected: > 0)");
        }
        return new NacosRegistry(settings, cluster, interval);
    }

    private static NacosClient<NamingService> connecting(NacosSettings settings) {
        return new NacosClient<>(
                () -> NamingFactory.createNamingService(settings.properties()), NamingService::shutDown);
    }

    @Override
    public Registration register(String service, Instance self) {
        NacosSettings.checked("service", service);
        com.alibaba.nacos.api.naming.pojo.Instance instance = NacosInstance.write(cluster, self);
        // Nacos keeps one instance of a service for each connection, so two servers cannot share one.
        NacosClient.Use<NamingService> own = connecting(settings).use();
        return KeptRegistration.start(
                toString(),
                service,
                self,
                working -> hold(own.client(), service, instance, working),
                () -> {
                    NamingService client = own.current();
                    if (client != null) {
                        client.deregisterInstance(service, settings.group(), instance);
                    }
                },
                own::close);
    }

    /** Returns when Nacos no longer has the instance. */
    private void hold(
            NamingService client, String service, com.alibaba.nacos.api.naming.pojo.Instance instance, Runnable working)
            throws Exception {
        client.registerInstance(service, settings.group(), instance);
        working.run();
        while (NacosInstance.isIn(instances(client, service), instance)) {
            Thread.sleep(look);
        }
    }

    private List<com.alibaba.nacos.api.naming.pojo.Instance> instances(NamingService client, String service)
            throws NacosException {
        return client.getAllInstances(service, settings.group(), List.of(cluster), false);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        NacosSettings.checked("service", service);
        NacosClient.Use<NamingService> use = naming.use();
        EndlessTask task = EndlessTask.start(
                "streamx-nacos-watch " + service,
                working -> follow(use.client(), service, listener, working),
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return () -> {
            task.close();
            use.close();
        };
    }

    private void follow(NamingService client, String service, Listener listener, Runnable working) throws Exception {
        Semaphore pushed = new Semaphore(0);
        EventListener wake = event -> pushed.release();
        client.subscribe(service, settings.group(), List.of(cluster), wake);
        try {
            while (true) {
                List<Instance> found = NacosInstance.read(instances(client, service), listener);
                listener.onInstances(found);
                working.run();
                if (pushed.tryAcquire(look.toMillis(), TimeUnit.MILLISECONDS)) {
                    // Several pushes that came meanwhile are one reason to ask.
                    pushed.drainPermits();
                }
            }
        } finally {
            client.unsubscribe(service, settings.group(), List.of(cluster), wake);
        }
    }

    @Override
    public String describe(String service) {
        return this + " as " + service;
    }

    @Override
    public String toString() {
        return settings + " group " + settings.group() + " cluster " + cluster;
    }
}
