package io.streamx.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.InProcessAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as users and registries write them, and the one that a server advertises. */
class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8888, 127.0.0.1, 8888",
        "[::1]:8888, ::1, 8888",
        "[fe80::1%eth0]:1, fe80::1%eth0, 1",
        "service.example:65535, service.example, 65535",
    })
    void hostAndPortAreRead(String text, String host, int port) {
        assertThat(Address.parse(text)).isEqualTo(new Address(host, port)).hasToString(text);
        assertThat(Address.parseRecord(text)).isEqualTo(new Address(host, port));
    }

    @Test
    void aNameWithinTheProcessIsReadAndHasNoPort() {
        Address address = Address.parse("in-process:chat");
        assertThat(address).isEqualTo(Address.inProcess("chat")).hasToString("in-process:chat");
        assertThat(address.inProcess()).isEqualTo(InProcessAddress.of("chat"));
        assertThat(Instance.of("in-process:chat").address()).isEqualTo(address);
        assertThat(Address.parse("host:80").inProcess()).isNull();
        // A host of that name, since names within the process begin with a letter.
        assertThat(Address.parse("in-process:80")).isEqualTo(new Address("in-process", 80));
        assertThatThrownBy(() -> new Address("in-process:chat", 80))
                .hasMessage("port: 80 (expected: 0, as in-process:chat has no port)");
        assertThatThrownBy(() -> Address.parse("in-process:a b")).hasMessageContaining("'a b'");
        // No registry knows the names within a process.
        assertThatIllegalArgumentException().isThrownBy(() -> Address.parseRecord("in-process:chat"));
    }

    @Test
    void aRecordMayHoldIpv6WithoutBracketsAsKitexWritesIt() {
        assertThat(Address.parseRecord("::1:8888"))
                .isEqualTo(new Address("::1", 8888))
                .hasToString("[::1]:8888");
        assertThat(Address.parseRecord("2001:db8::5:7:80")).isEqualTo(new Address("2001:db8::5:7", 80));
        assertThatIllegalArgumentException().isThrownBy(() -> Address.parse("::1:8888"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:8x",
                "host:+80",
                "[]:80",
                "a b:80",
                "http://host:80",
                "x:y:80",
                "host:80000000000",
                "[host:80",
                "host]:80",
            })
    void whatIsNoAddressIsNamedWithWhatWasExpected(String text) {
        for (Supplier<Address> reading :
                List.<Supplier<Address>>of(() -> Address.parse(text), () -> Address.parseRecord(text))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(reading::get)
                    .withMessageStartingWith("address: '" + text + "' (expected: host:port");
        }
    }

    // ---- the advertised address ----

    private static final String MACHINE = "10.1.2.3";

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static String found(String given, String bound, Map<String, String> environment)
            throws UnknownHostException {
        InetAddress ipv6 = ip("2001:db8::7");
        InetAddress ipv4 = ip(MACHINE);
        return AdvertisedAddress.find(given, ip(bound), 8888, environment, () -> List.of(ipv6, ipv4))
                .toString();
    }

    @Test
    void aGivenAddressGoesBeforeTheVariablesAndThoseBeforeWhatIsListenedOn() throws UnknownHostException {
        Map<String, String> both = Map.of("KITEX_IP_TO_REGISTRY", "10.9.9.9", "KITEX_PORT_TO_REGISTRY", "99");
        assertThat(found("192.168.0.1:7777", "0.0.0.0", both)).isEqualTo("192.168.0.1:7777");
        assertThat(found("service.example", "0.0.0.0", both)).isEqualTo("service.example:8888");
        assertThat(found("[2001:db8::1]", "0.0.0.0", Map.of())).isEqualTo("[2001:db8::1]:8888");
        assertThat(found(null, "127.0.0.1", both)).isEqualTo("10.9.9.9:99");
        assertThat(found(null, "127.0.0.1", Map.of("KITEX_PORT_TO_REGISTRY", "99")))
                .isEqualTo("127.0.0.1:99");
        assertThat(found(null, "127.0.0.1", Map.of("KITEX_IP_TO_REGISTRY", "::5")))
                .isEqualTo("[::5]:8888");
        assertThat(found(null, "127.0.0.1", Map.of())).isEqualTo("127.0.0.1:8888");
        assertThat(found(null, "2001:db8::2", Map.of())).isEqualTo("[2001:db8:0:0:0:0:0:2]:8888");
    }

    @Test
    void theWildcardAddressIsNeverAdvertised() throws UnknownHostException {
        assertThat(found(null, "0.0.0.0", Map.of())).isEqualTo(MACHINE + ":8888");
        assertThat(found(null, "::", Map.of())).isEqualTo(MACHINE + ":8888");
        assertThat(found("0.0.0.0:7777", "127.0.0.1", Map.of())).isEqualTo(MACHINE + ":7777");
        assertThat(found(null, "127.0.0.1", Map.of("KITEX_IP_TO_REGISTRY", "::")))
                .isEqualTo(MACHINE + ":8888");
        InetAddress wildcard = ip("0.0.0.0");
        assertThat(AdvertisedAddress.find(null, wildcard, 8888, Map.of(), List::of))
                .hasToString("127.0.0.1:8888");
        InetAddress ipv6 = ip("2001:db8::7");
        assertThat(AdvertisedAddress.find(null, wildcard, 8888, Map.of(), () -> List.of(ipv6)))
                .hasToString("[2001:db8:0:0:0:0:0:7]:8888");
    }

    @Test
    void aVariableThatIsNoPortIsNamed() {
        assertThatThrownBy(() -> found(null, "127.0.0.1", Map.of("KITEX_PORT_TO_REGISTRY", "eighty")))
                .hasMessage("KITEX_PORT_TO_REGISTRY: 'eighty' (expected: 1 to 65535)");
    }

    @Test
    void anInstanceWithoutAUsableWeightIsRefused() {
        Instance instance = Instance.of("127.0.0.1:1");
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> instance.withWeight(weight))
                    .withMessage("weight: " + weight + " (expected: > 0)");
        }
        assertThat(instance.withTag("zone", "north").zone()).isEqualTo("north");
        assertThat(instance.zone()).isEmpty();
    }
}
