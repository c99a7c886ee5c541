package io.streamx.tls;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The certificates that the peer of a connection has proven its identity with. */
public final class PeerCertificates {
    private static final AttributeKey<List<X509Certificate>> KEY =
            AttributeKey.valueOf(PeerCertificates.class, "chain");

    private PeerCertificates() {}

    /** The chain of certificates, the peer's own first; empty without TLS and where the peer has shown none. */
    public static List<X509Certificate> of(Channel channel) {
        if (!channel.hasAttr(KEY)) {
            return List.of();
        }
        Attribute<List<X509Certificate>> chain = channel.attr(KEY);
        List<X509Certificate> known = chain.get();
        return known == null ? List.of() : known;
    }

    /** Remembers the certificates of a session whose handshake is over. */
    static void remember(Channel channel, SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate known) {
                    chain.add(known);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // The peer has shown no certificate.
        }
        if (!chain.isEmpty()) {
            channel.attr(KEY).set(List.copyOf(chain));
        }
    }
}
