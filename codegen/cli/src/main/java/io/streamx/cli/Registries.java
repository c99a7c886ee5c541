package io.streamx.cli;

import io.streamx.consul.ConsulRegistry;
import io.streamx.discovery.Resolver;
import io.streamx.dns.DnsResolver;
import io.streamx.etcd.EtcdRegistry;
import io.streamx.zookeeper.ZookeeperRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The registries that {@code --registry} knows. */
final class Registries {
    private static final String FORMS =
            "etcd://HOST:PORT, zookeeper://HOST:PORT, consul://HOST:PORT, nacos://HOST:PORT[?namespace=ID&group=NAME],"
                    + " dns:// or dns-srv://";
    private static final int DNS_PORT = 53;
    private static final int MAX_PORT = 65_535;
    private static final String NACOS_GROUP = "DEFAULT_GROUP";
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+):\\d{1,5}");

    private Registries() {}

    /**
     * The registry that a URL names.
     *
     * @param url the kind of registry, and where it is; several addresses of one have commas between them
     * @param service the name to look up, which DNS wants to know at once
     * @throws BadInputException naming a URL that is none
     */
    static Resolver resolver(String url, String service) {
        int end = url.indexOf("://");
        String kind = end < 0 ? url : url.substring(0, end);
        String place = end < 0 ? "" : url.substring(end + "://".length());
        boolean isDns = kind.equals("dns") || kind.equals("dns-srv");
        if (end < 0 || (place.isEmpty() && !isDns)) {
            throw wrong(url);
        }
        return switch (kind) {
            case "etcd" -> EtcdRegistry.of(endpoints("http://", place));
            case "etcds" -> EtcdRegistry.of(endpoints("https://", place));
            case "zookeeper" -> ZookeeperRegistry.of(place);
            case "consul" -> ConsulRegistry.of("http://" + place);
            case "nacos" -> nacos(place, url);
            case "dns" -> withServer(DnsResolver.of(service), place, url);
            case "dns-srv" -> withServer(DnsResolver.srv(service), place, url);
            default -> throw wrong(url);
        };
    }

    private static Resolver nacos(String place, String url) {
        int question = place.indexOf('?');
        String namespace = "";
        String group = NACOS_GROUP;
        if (question >= 0) {
            for (String parameter : place.substring(question + 1).split("&", -1)) {
                int equals = parameter.indexOf('=');
                String value = parameter.substring(equals + 1);
                switch (equals < 0 || value.isEmpty() ? "" : parameter.substring(0, equals)) {
                    case "namespace" -> namespace = value;
                    case "group" -> group = value;
                    default -> throw wrong(url);
                }
            }
        }
        String servers = question < 0 ? place : place.substring(0, question);
        List<String> all = List.of(servers.split(",", -1));
        if (!all.stream().allMatch(Registries::isHostAndPort)) {
            throw wrong(url);
        }
        return new NacosLookup(all, namespace, group);
    }

    /** Whether {@code server} is one that the JDK's HTTP client can be sent to, which takes no host with an underscore. */
    private static boolean isHostAndPort(String server) {
        if (!HOST_AND_PORT.matcher(server).matches()) {
            return false;
        }
        try {
            URI uri = new URI("http://" + server);
            return uri.getHost() != null && uri.getUserInfo() == null && uri.getPort() <= MAX_PORT;
        } catch (URISyntaxException noHost) {
            return false;
        }
    }

    private static BadInputException wrong(String url) {
        return new BadInputException("--registry: " + url + " (expected: " + FORMS + ")");
    }

    private static String[] endpoints(String scheme, String places) {
        return Arrays.stream(places.split(",", -1)).map(place -> scheme + place).toArray(String[]::new);
    }

    private static Resolver withServer(DnsResolver resolver, String server, String url) {
        if (server.isEmpty()) {
            return resolver;
        }
        int colon = server.lastIndexOf(':');
        try {
            int port = colon < 0 ? DNS_PORT : Integer.parseInt(server.substring(colon + 1));
            return resolver.withServers(new InetSocketAddress(colon < 0 ? server : server.substring(0, colon), port));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(
                    "--registry: " + url + " (expected: dns://HOST:PORT of a name server, or dns://)", e);
        }
    }
}
