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
import org.jspecify.annotations.Nullable;

/** What TLS knows of the peer of a connection: its session, and the certificates that the peer has proven its identity with. */
public final class PeerCertificates {
    private static final AttributeKey<List<X509Certificate>> KEY =
            AttributeKey.valueOf(PeerCertificates.class, "chain");
    private static final AttributeKey<SSLSession> SESSION = AttributeKey.valueOf(PeerCertificates.class, "session");

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

    /** The session of a connection whose handshake is over; null without TLS. */
    public static @Nullable SSLSession session(Channel channel) {
        return channel.hasAttr(SESSION) ? channel.attr(SESSION).get() : null;
    }

    /** Remembers a session whose handshake is over, and its certificates. */
    static void remember(Channel channel, SSLSession session) {
        channel.attr(SESSION).set(session);
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
