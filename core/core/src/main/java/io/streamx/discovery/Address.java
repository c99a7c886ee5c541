package io.streamx.discovery;

import io.streamx.InProcessAddress;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port, not yet looked up, or a name that a server of this process listens on.
 *
 * @param host a name or an IP address, without brackets; within the process {@code in-process:} and the name
 * @param port 1 to 65535; 0 within the process
 */
public record Address(String host, int port) {
    private static final String EXPECTED =
            "' (expected: host:port with a port of 1 to 65535, such as 127.0.0.1:8888 or [::1]:8888)";

    private static final Pattern PORT_AT_END = Pattern.compile(".*:[0-9]+");

    /** Checks host and port. */
    public Address {
        if (Objects.requireNonNull(host, "host").isBlank()) {
            throw new IllegalArgumentException("host: '" + host + "' (expected: a name or an IP address)");
        }
        if (host.startsWith(InProcessAddress.PREFIX)) {
            InProcessAddress.of(host.substring(InProcessAddress.PREFIX.length()));
            if (port != 0) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0, as " + host + " has no port)");
            }
        } else if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    /**
     * The address of a server that listens on that name within this process.
     *
     * @throws IllegalArgumentException for what is no such name
     */
    public static Address inProcess(String name) {
        return new Address(InProcessAddress.of(name).toString(), 0);
    }

    /** The address within this process; null for a host and a port. */
    public @Nullable InProcessAddress inProcess() {
        return port == 0 ? InProcessAddress.of(host.substring(InProcessAddress.PREFIX.length())) : null;
    }

    /**
     * Reads {@code host:port}, with an IPv6 address in brackets, or {@code in-process:name}.
     *
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public static Address parse(String text) {
        // Names begin with a letter, so a host that is called in-process can still be written with its port.
        if (text.startsWith(InProcessAddress.PREFIX)
                && !PORT_AT_END.matcher(text).matches()) {
            return inProcess(text.substring(InProcessAddress.PREFIX.length()));
        }
        return parse(text, false);
    }

    /**
     * Reads {@code host:port} as registries hold it: an IPv6 address may stand without brackets, which is how Kitex
     * registers one. The last colon divides host and port.
     *
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public static Address parseRecord(String text) {
        return parse(text, true);
    }

    private static Address parse(String text, boolean bareIpv6) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        boolean colonInHost = host.indexOf(':') >= 0;
        if (host.isBlank()
                || (colonInHost && !bracketed && !bareIpv6)
                || (colonInHost && !looksLikeIpv6(host))
                || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']')) {
            throw malformed(text);
        }
        String digits = text.substring(colon + 1);
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text);
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw malformed(text);
        }
        return new Address(host, port);
    }

    /** Digits, colons, the dots of an IPv4 part, and whatever names the zone after a percent sign. */
    private static boolean looksLikeIpv6(String host) {
        int percent = host.indexOf('%');
        String address = percent < 0 ? host : host.substring(0, percent);
        return address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("address: '" + text + EXPECTED);
    }

    @Override
    public String toString() {
        if (port == 0) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
