package io.streamx.client;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order the IP addresses of one name are connected to: those of IPv6 and IPv4 in turn, beginning with the kind that
 * the resolver put first, so that a host without a route of one kind is reached at the second attempt. Within a kind each
 * connection begins with another address, so that the connections of a client are spread over the addresses.
 *
 * <p>Source: RFC 8305 section 4; gRPC proposal A61, which all gRPC libraries follow.
 */
final class AddressOrder {
    private AddressOrder() {}

    /**
     * The order for one connection.
     *
     * @param found what the resolver said, in its order
     * @param turn the number of connections begun before
     */
    static List<InetAddress> of(List<InetAddress> found, int turn) {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> second = new ArrayList<>();
        for (InetAddress address : found) {
            (address.getClass() == found.getFirst().getClass() ? first : second).add(address);
        }
        List<InetAddress> order = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            addInTurn(order, first, i, turn);
            addInTurn(order, second, i, turn);
        }
        return order;
    }

    private static void addInTurn(List<InetAddress> order, List<InetAddress> kind, int index, int turn) {
        if (index < kind.size()) {
            order.add(kind.get(Math.floorMod(turn + index, kind.size())));
        }
    }
}
