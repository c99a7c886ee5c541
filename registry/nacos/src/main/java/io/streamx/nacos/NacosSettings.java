package io.streamx.nacos;

import com.alibaba.nacos.api.PropertyKeyConst;
import io.streamx.discovery.Address;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Nacos, and where in it records and texts lie. Immutable.
 *
 * @param servers {@code host:port} each
 * @param namespace its id; empty for the public one
 * @param group of services and texts
 * @param user null where Nacos asks for no password
 * @param more what else the client of Nacos is told
 */
record NacosSettings(
        List<String> servers,
        String namespace,
        String group,
        @Nullable String user,
        @Nullable String password,
        UnaryOperator<Properties> more) {
    private static final String GROUP = "DEFAULT_GROUP";

    /** Settings with the public namespace and the default group, as Kitex has them. */
    static NacosSettings of(String... servers) {
        if (servers.length == 0) {
            throw new IllegalArgumentException("servers: none (expected: at least one host:port)");
        }
        for (String server : servers) {
            Address.parse(server);
        }
        return new NacosSettings(List.of(servers), "", GROUP, null, null, UnaryOperator.identity());
    }

    NacosSettings withNamespace(String newNamespace) {
        return new NacosSettings(servers, newNamespace, group, user, password, more);
    }

    NacosSettings withGroup(String newGroup) {
        return new NacosSettings(servers, namespace, checked("group", newGroup), user, password, more);
    }

    NacosSettings withUser(String newUser, String newPassword) {
        return new NacosSettings(servers, namespace, group, newUser, newPassword, more);
    }

    NacosSettings withClient(UnaryOperator<Properties> newMore) {
        return new NacosSettings(servers, namespace, group, user, password, newMore);
    }

    /** The properties that the client of Nacos is made with. */
    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(PropertyKeyConst.SERVER_ADDR, String.join(",", servers));
        if (!namespace.isEmpty()) {
            properties.setProperty(PropertyKeyConst.NAMESPACE, namespace);
        }
        if (user != null && password != null) {
            properties.setProperty(PropertyKeyConst.USERNAME, user);
            properties.setProperty(PropertyKeyConst.PASSWORD, password);
        }
        return more.apply(properties);
    }

    /**
     * A name that Nacos can hold.
     *
     * @throws IllegalArgumentException for one that it would take apart elsewhere
     */
    static String checked(String what, String name) {
        if (name.isBlank() || name.contains("@@")) {
            throw new IllegalArgumentException(what + ": '" + name + "' (expected: a name without @@)");
        }
        return name;
    }

    @Override
    public String toString() {
        return "Nacos " + String.join(",", servers) + (namespace.isEmpty() ? "" : " namespace " + namespace);
    }
}
