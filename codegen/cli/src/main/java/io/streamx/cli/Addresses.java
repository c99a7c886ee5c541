package io.streamx.cli;

import java.net.InetSocketAddress;

/** Addresses as the command line has them. */
final class Addresses {
    private static final int MAX_PORT = 65_535;

    private Addresses() {}

    /**
     * An address, whose name is looked up.
     *
     * @param name what the command line calls it, for errors
     * @param text {@code host:port}; IPv6 addresses in brackets
     */
    static InetSocketAddress parse(String name, String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                String host = text.substring(0, colon);
                if (port >= 0 && port <= MAX_PORT) {
                    InetSocketAddress address = new InetSocketAddress(
                            host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
                            port);
                    if (!address.isUnresolved()) {
                        return address;
                    }
                }
            } catch (NumberFormatException e) {
                // A port that is no number is refused below, as every other address that cannot be used.
            }
        }
        throw new BadInputException(name + ": '" + text + "' (expected: host:port of a host that has an address)");
    }
}
