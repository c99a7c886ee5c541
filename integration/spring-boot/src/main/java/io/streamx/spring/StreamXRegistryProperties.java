package io.streamx.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Registries that servers register in and clients look into.
 *
 * @param etcd Needs streamx-etcd.
 * @param zookeeper Needs streamx-zookeeper.
 * @param consul Needs streamx-consul.
 * @param nacos Needs streamx-nacos.
 */
@ConfigurationProperties("streamx.registry")
record StreamXRegistryProperties(
        @DefaultValue Etcd etcd,
        @DefaultValue Zookeeper zookeeper,
        @DefaultValue Consul consul,
        @DefaultValue Nacos nacos) {
    /**
     * The registry named etcd.
     *
     * @param endpoints URLs of the servers.
     * @param prefix Beginning of all keys; that of Kitex by default.
     * @param user User to log in as.
     * @param password Password of the user.
     * @param lease How long a record stays when its server has died.
     */
    record Etcd(
            @DefaultValue List<String> endpoints,
            @Nullable String prefix,
            @Nullable String user,
            @Nullable String password,
            @Nullable Duration lease) {}

    /**
     * The registry named zookeeper.
     *
     * @param servers host:port of the servers, with commas between them.
     * @param session How long a record stays when its server has died.
     */
    record Zookeeper(@Nullable String servers, @Nullable Duration session) {}

    /**
     * The registry named consul.
     *
     * @param agent URL of the agent, such as http://127.0.0.1:8500.
     * @param token Token to show the agent.
     * @param look How often the agent is asked at least.
     */
    record Consul(
            @Nullable String agent,
            @Nullable String token,
            @Nullable Duration look) {}

    /**
     * The registry named nacos.
     *
     * @param servers host:port of the servers.
     * @param namespace Id of the namespace; the public one by default.
     * @param group Group of the service; DEFAULT_GROUP by default.
     * @param cluster Cluster of the instances; DEFAULT by default.
     * @param user User to log in as.
     * @param password Password of the user.
     * @param look How often the servers are asked at least.
     */
    record Nacos(
            @DefaultValue List<String> servers,
            @Nullable String namespace,
            @Nullable String group,
            @Nullable String cluster,
            @Nullable String user,
            @Nullable String password,
            @Nullable Duration look) {}
}
