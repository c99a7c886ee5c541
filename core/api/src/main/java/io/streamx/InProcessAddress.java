package io.streamx;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The address of one end of a connection within the process: the name that a server listens on, and at the end of a client
 * a number, by which connections can be told from each other in logs. {@link CallInfo#remoteAddress} and {@link
 * ConnectionInfo#remoteAddress} of such calls and connections are of this class. Immutable.
 */
public final class InProcessAddress extends SocketAddress {
    /** What stands before the name where addresses are written as text, {@code in-process:chat}. */
    public static final String PREFIX = "in-process:";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    private final String name;
    private final long connection;

    private InProcessAddress(String name, long connection) {
        this.name = name;
        this.connection = connection;
    }

    /**
     * The address of a server of that name.
     *
     * @param name a letter, and then letters, digits, dots, dashes and underscores
     * @throws IllegalArgumentException for any other name
     */
    public static InProcessAddress of(String name) {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("name within the process: '" + name
                    + "' (expected: a letter, and then letters, digits, dots, dashes and underscores)");
        }
        return new InProcessAddress(name, 0);
    }

    /** The address of the client's end of the connection with that number, which is greater than 0. */
    public InProcessAddress client(long number) {
        return new InProcessAddress(name, number);
    }

    /** The name that the server listens on. */
    public String name() {
        return name;
    }

    /** The number of the connection at the client's end; 0 for the address of a server. */
    public long connection() {
        return connection;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InProcessAddress that && name.equals(that.name) && connection == that.connection;
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Long.hashCode(connection);
    }

    /** {@code in-process:chat}, and {@code in-process:chat#7} at the client's end. */
    @Override
    public String toString() {
        return PREFIX + name + (connection == 0 ? "" : "#" + connection);
    }
}
