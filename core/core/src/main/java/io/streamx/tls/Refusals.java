package io.streamx.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong in a handshake, from the exceptions of either engine. */
final class Refusals {
    static final String TLS = "TLSv1.3 or TLSv1.2";

    /** How the JDK and BoringSSL tell of an alert that the peer sent. */
    private static final Pattern ALERT = Pattern.compile(
            "Received fatal alert: (\\w+)|(?:SSLV3|TLSV1)_ALERT_(\\w+)|TLSV1_(CERTIFICATE_REQUIRED|UNRECOGNIZED_NAME)");

    /** The alerts by which a peer says that it does not like our certificate: RFC 8446 section 6.2. */
    private static final Set<String> OF_CERTIFICATES = Set.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "certificate_required",
            "unknown_ca",
            "access_denied");

    private static final Pattern NO_CERTIFICATE =
            Pattern.compile("Empty (client|server) certificate chain|PEER_DID_NOT_RETURN_A_CERTIFICATE");
    private static final Pattern NO_COMMON_VERSION = Pattern.compile(
            "UNSUPPORTED_PROTOCOL|protocol version|protocol is disabled|No appropriate protocol",
            Pattern.CASE_INSENSITIVE);
    private static final int SHOWN_HEX_DIGITS = 16;

    private Refusals() {}

    /** What one side knows for the wording. */
    interface Side {
        /** What the peer is, "server" or "client". */
        String peer();

        /** Our certificate in words. */
        String shown();

        /** What was expected of our certificate. */
        String expectedOfOurs();

        /** What was expected of a peer that is not there or speaks no TLS. */
        String expectedPeer();
    }

    /** The reason within what the engine or Netty threw. */
    static Refusal of(Throwable failure, Side side) {
        UntrustedPeerException untrusted = find(UntrustedPeerException.class, failure);
        if (untrusted != null) {
            return untrusted.refusal();
        }
        NotSslRecordException notTls = find(NotSslRecordException.class, failure);
        if (notTls != null) {
            return new Refusal(
                    "the " + side.peer() + " sent bytes that are not TLS" + begins(notTls), side.expectedPeer());
        }
        if (find(ClosedChannelException.class, failure) != null) {
            return new Refusal(
                    "the " + side.peer() + " closed the connection in the TLS handshake", side.expectedPeer());
        }
        String text = texts(failure);
        String alert = alert(text);
        if (alert != null) {
            return ofAlert(alert, side);
        }
        if (NO_CERTIFICATE.matcher(text).find()) {
            return new Refusal("the " + side.peer() + " showed no certificate", "one, as it is required");
        }
        if (NO_COMMON_VERSION.matcher(text).find()) {
            return new Refusal("the " + side.peer() + " has no TLS version in common with us", TLS);
        }
        SSLException tls = find(SSLException.class, failure);
        return new Refusal(
                "the TLS handshake failed: " + (tls != null ? tls : failure).getMessage(), side.expectedPeer());
    }

    private static Refusal ofAlert(String alert, Side side) {
        String told = "(TLS alert " + alert + ")";
        if (OF_CERTIFICATES.contains(alert)) {
            return new Refusal(
                    "the " + side.peer() + " refused our certificate " + told + "; we showed " + side.shown(),
                    side.expectedOfOurs());
        }
        return switch (alert) {
            case "handshake_failure" ->
                new Refusal(
                        "the " + side.peer() + " refused the handshake " + told + "; we showed " + side.shown(),
                        "a cipher in common, and a certificate where it is required");
            case "protocol_version" ->
                new Refusal("the " + side.peer() + " speaks no TLS version of ours " + told, TLS);
            case "unexpected_message" ->
                new Refusal("the " + side.peer() + " did not understand the handshake " + told, side.expectedPeer());
            default -> new Refusal("the " + side.peer() + " ended the handshake " + told, side.expectedPeer());
        };
    }

    /** The name of the alert in the words of RFC 8446; null when the peer sent none. */
    private static @Nullable String alert(String text) {
        Matcher matcher = ALERT.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        for (int i = 1; i <= matcher.groupCount(); i++) {
            if (matcher.group(i) != null) {
                return matcher.group(i).toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /** The first bytes of what came instead of TLS; Netty tells all bytes, and only in the message of the exception. */
    private static String begins(NotSslRecordException e) {
        String message = String.valueOf(e.getMessage());
        String hex = message.substring(message.lastIndexOf(' ') + 1);
        return hex.isEmpty() || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)
                ? ""
                : ", beginning with " + hex.substring(0, Math.min(SHOWN_HEX_DIGITS, hex.length()));
    }

    private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }

    private static String texts(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            text.append(t.getMessage()).append('\n');
        }
        return text.toString();
    }
}
