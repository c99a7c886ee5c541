package io.streamx.client;

/**
 * A host and a port, not yet looked up.
 *
 * @param host a name or an IP address, without brackets
 * @param port 1 to 65535
 */
record Address(String host, int port) {
    /**
     * Reads {@code host:port}, with an IPv6 address in brackets.
     *
     * @throws IllegalArgumentException naming the value and what was expected
     */
    static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.isBlank() || (!bracketed && host.indexOf(':') >= 0)) {
            throw malformed(text);
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
        if (port < 1 || port > 65535) {
            throw malformed(text);
        }
        return new Address(host, port);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("address: '" + text
                + "' (expected: host:port with a port of 1 to 65535, such as 127.0.0.1:8888 or [::1]:8888)");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
