package io.streamx.nacos;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** What a Nacos holds: instances of services, and texts. Safe from any thread. */
final class NacosRecords {
    static final JsonMapper JSON = new JsonMapper();

    private record Held(String owner, ObjectNode instance) {}

    private final Map<String, Map<String, Held>> services = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();
    private final List<BiConsumer<String, String>> serviceListeners = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<String, String>> textListeners = new CopyOnWriteArrayList<>();

    /** Calls back with group and service, after each change of a service. */
    void onService(BiConsumer<String, String> listener) {
        serviceListeners.add(listener);
    }

    /** Calls back with group and data id, after each change of a text. */
    void onText(BiConsumer<String, String> listener) {
        textListeners.add(listener);
    }

    private static String name(String group, String service) {
        return group + "@@" + service;
    }

    private static String address(ObjectNode instance) {
        return instance.path("ip").asText() + ":" + instance.path("port").asInt();
    }

    /** @param owner whose end takes the instance with it; of one owner a service has one instance, as in Nacos */
    void put(String group, String service, String owner, ObjectNode instance) {
        synchronized (this) {
            Map<String, Held> held = services.computeIfAbsent(name(group, service), unused -> new TreeMap<>());
            held.values().removeIf(one -> one.owner().equals(owner));
            held.put(address(instance), new Held(owner, instance));
        }
        serviceListeners.forEach(listener -> listener.accept(group, service));
    }

    void remove(String group, String service, String address) {
        synchronized (this) {
            services.getOrDefault(name(group, service), Map.of()).remove(address);
        }
        serviceListeners.forEach(listener -> listener.accept(group, service));
    }

    /** Takes out all instances of an owner that is gone. */
    void removeOf(String owner) {
        List<String> touched;
        synchronized (this) {
            touched = services.entrySet().stream()
                    .filter(one -> one.getValue()
                            .values()
                            .removeIf(held -> held.owner().equals(owner)))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        for (String one : touched) {
            int at = one.indexOf("@@");
            serviceListeners.forEach(listener -> listener.accept(one.substring(0, at), one.substring(at + 2)));
        }
    }

    /** A service as Nacos answers questions for it: enabled instances of those clusters, of all where none is named. */
    synchronized ObjectNode service(String group, String service, String clusters) {
        ObjectNode found = JSON.createObjectNode();
        found.put("name", service).put("groupName", group).put("clusters", clusters);
        found.put("cacheMillis", 1000)
                .put("lastRefTime", System.currentTimeMillis())
                .put("checksum", "");
        found.put("allIPs", false).put("reachProtectionThreshold", false).put("valid", true);
        ArrayNode hosts = found.putArray("hosts");
        for (Held held : services.getOrDefault(name(group, service), Map.of()).values()) {
            ObjectNode instance = held.instance();
            String cluster = instance.path("clusterName").asText();
            if (instance.path("enabled").asBoolean(true)
                    && (clusters.isEmpty() || List.of(clusters.split(",", -1)).contains(cluster))) {
                ObjectNode host = instance.deepCopy();
                host.put("serviceName", name(group, service));
                hosts.add(host);
            }
        }
        return found;
    }

    /** @param text null to delete it */
    void text(String group, String dataId, String text) {
        synchronized (this) {
            if (text == null) {
                texts.remove(name(group, dataId));
            } else {
                texts.put(name(group, dataId), text);
            }
        }
        textListeners.forEach(listener -> listener.accept(group, dataId));
    }

    /** Null where there is none. */
    synchronized String text(String group, String dataId) {
        return texts.get(name(group, dataId));
    }

    static String md5(String text) {
        try {
            return text == null
                    ? ""
                    : HexFormat.of()
                            .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
